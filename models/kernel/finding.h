// SPDX-License-Identifier: GPL-2.0-only
//
// Findings of the kernel world: how a primitive says that it was misused.

#pragma once

#include <initializer_list>
#include <string_view>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/failure.h"

namespace models::kernel::internal {

// Ends the execution with a failure about `object`, or about none (kExecutionObject). The sentence
// is the concatenation of its parts.
[[noreturn]] void fail(heddle::FailureKind kind, heddle::ObjectId object,
                       std::initializer_list<std::string_view> sentence,
                       heddle::SourceLocation where);

}  // namespace models::kernel::internal
