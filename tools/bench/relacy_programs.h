// SPDX-License-Identifier: MIT
//
// The benchmark programs as Relacy explores them: the same operations on its own types,
// sequentially consistent.

#pragma once

#include "tools/bench/measurement.h"

namespace heddle::bench {

// REQUIRES: the program is one of those that BenchedPrograms lists. Stops a full search after
// `executions_max`.
Measurement RunRelacy(const Program& program, Search search);

}  // namespace heddle::bench
