// SPDX-License-Identifier: MIT
//
// The versions of the patch that its thread chose among.

#include "heddle/testing/scenario.h"

namespace scenarios {

static const bool candidates = heddle::RegisterCandidates(
    "bluetooth", {.question = "What each version of the patch still gets wrong",
                  .variants = {{"B0", "before"},
                               {"B1", "v1"},
                               {"B2", "v2"},
                               {"B3", "the alternative (v3)"},
                               {"B5", "merged (v5)"},
                               {"B5f", "merged, with both fixes of l2cap_conn_del"},
                               {"B-ideal", "reference"}}});

}  // namespace scenarios
