// SPDX-License-Identifier: MIT
//
// What the known bugs of the CXL core look like as failures.

#include "heddle/testing/scenario.h"

namespace scenarios {

using heddle::FailureKind;

static const bool lookup_bugs = heddle::RegisterBugs(
    "cxl",
    {
        {.id = "X0-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"cxl_dport"},
         .functions = {"attach_captured"},
         .sentence = "a probe looks a dport up, and asks what it is after it was freed"},
        {.id = "X2a-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"cxl_dport"},
         .functions = {"devm_cxl_add_endpoint"},
         .sentence = "a dport that was found earlier is used under the lock of its host, which was "
                     "unbound and bound again meanwhile"},
    });

}  // namespace scenarios
