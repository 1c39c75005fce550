// SPDX-License-Identifier: MIT
//
// Comparison of two traces of what should have been the same execution.

#pragma once

#include "heddle/core/failure.h"
#include "heddle/core/trace.h"

namespace heddle::internal {

// Returns the finding kNondeterminism that names the first event in which the traces differ. Traces
// without a difference mean that only the third run of the program differed; the finding says so.
Failure DescribeDifference(const Trace& first, const Trace& second);

}  // namespace heddle::internal
