// SPDX-License-Identifier: MIT
//
// The benchmark programs as heddle explores them.

#pragma once

#include "tools/bench/measurement.h"

namespace heddle::bench {

// REQUIRES: the program is one of racy, lock, ophil, prodcons.
Measurement RunHeddle(const Program& program, Search search);

// Returns the seconds of one switch to another fiber and back, through heddle's own Fiber.
double FiberRoundTripSeconds();

}  // namespace heddle::bench
