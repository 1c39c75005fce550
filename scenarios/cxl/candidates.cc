// SPDX-License-Identifier: MIT
//
// The versions of the patch that its thread has, and the reference.

#include "heddle/testing/scenario.h"

namespace scenarios {

static const bool candidates = heddle::RegisterCandidates(
    "cxl", {.question = "What each version of the CXL patch still gets wrong",
            .variants = {{"X0", "before"}, {"X1", "v1"}, {"X2", "v2"}, {"X3", "reference"}}});

}  // namespace scenarios
