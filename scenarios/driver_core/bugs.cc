// SPDX-License-Identifier: MIT
//
// What the known bugs of the driver core look like as failures.

#include "heddle/testing/scenario.h"

namespace scenarios {

using heddle::FailureKind;

static const bool override_bugs = heddle::RegisterBugs(
    "driver_core",
    {
        {.id = "M0-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"driver_override"},
         .functions = {"platform_match"},
         .sentence = "match compares a name that a store frees meanwhile (bug 220789)"},
        {.id = "M0-oops",
         .kind = FailureKind::kOops,
         .functions = {"platform_match"},
         .sentence = "match finds a name the first time it looks, and none the second time"},
        {.id = "D4",
         .kind = FailureKind::kInvariant,
         .property = "INV-D4",
         .functions = {"really_probe"},
         .sentence = "a device is matched, then reserved for another driver, then bound all the "
                     "same"},
    });

static const bool probe_bugs = heddle::RegisterBugs(
    "driver_core",
    {
        {.id = "M1-hang",
         .kind = FailureKind::kHang,
         .functions = {"driver_match_device_locked"},
         .sentence = "a registration waits for the lock of a device whose probe never ends, only "
                     "to find that it does not match"},
        {.id = "M0-hang",
         .kind = FailureKind::kHang,
         .functions = {"__driver_attach"},
         .sentence = "a registration waits for the lock of a device that it matches, and whose "
                     "probe never ends"},
        {.id = "M1-recursive-deadlock",
         .kind = FailureKind::kRecursiveDeadlock,
         .functions = {"driver_match_device_locked"},
         .sentence = "a probe registers a driver on the bus of a device whose lock it holds"},
    });

}  // namespace scenarios
