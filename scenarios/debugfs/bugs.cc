// SPDX-License-Identifier: MIT
//
// What the known bugs of debugfs removal and of the wireless stack's files look like as failures.
//
// L1 to L3 and P1 to P9 are the ids of the bugs of the late initialisation and of what is left to
// users of the fixed version; VARIANT-kind names what has no such id, by the first version that has
// it.

#include "heddle/testing/scenario.h"

namespace scenarios {

using heddle::FailureKind;

static const bool drains = heddle::RegisterBugs(
    "debugfs",
    {
        {.id = "G0-deadlock",
         .kind = FailureKind::kDeadlock,
         .objects = {"fsd->active_users_drained", "wiphy->mtx"},
         .sentence = "removal waits under wiphy->mtx for a handler that takes it"},
        {.id = "G1-deadlock",
         .kind = FailureKind::kDeadlock,
         .objects = {"fsd->active_users_drained", "wiphy->mtx", "work.completion"},
         .sentence = "the inverted test: removal waits under wiphy->mtx for a handler that waits "
                     "for wiphy work, and cancels nothing"},
        {.id = "G1-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"ieee80211_sub_if_data"},
         .functions = {"ieee80211_if_fmt_uapsd_queues"},
         .sentence = "the early return: a handler that enters a cancellation ends the only wait, "
                     "and what it works on is freed"},
        {.id = "G1-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-G1",
         .functions = {"__debugfs_file_removed"},
         .sentence = "the early return, seen as a handler that is inside after removal"},
        {.id = "Gtry-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-G5",
         .functions = {"read"},
         .sentence = "a read of a file that is there fails because wiphy->mtx is busy"},
    });

static const bool frames = heddle::RegisterBugs(
    "debugfs",
    {
        {.id = "G1t-stack-use-after-return",
         .kind = FailureKind::kStackUseAfterReturn,
         .objects = {"cancellation"},
         .functions = {"cancel_all"},
         .sentence = "the lock is dropped around cancel(), and the handler leaves meanwhile"},
        {.id = "G1t-stack-use-after-return",
         .kind = FailureKind::kStackUseAfterReturn,
         .objects = {"work"},
         .functions = {"wiphy_locked_debugfs_read_cancel"},
         .sentence = "the same, inside of cancel()"},
        {.id = "G1t-stack-use-after-return",
         .kind = FailureKind::kStackUseAfterReturn,
         .objects = {"work"},
         .functions = {"list_empty"},
         .sentence = "the same, in wiphy_work_cancel"},
        {.id = "P1",
         .kind = FailureKind::kStackUseAfterReturn,
         .objects = {"work"},
         .functions = {"wiphy_locked_debugfs_read_work"},
         .sentence = "a file is removed without wiphy->mtx: the work runs on a frame that is gone"},
        {.id = "P1",
         .kind = FailureKind::kStackUseAfterReturn,
         .objects = {"buf"},
         .functions = {"format_number"},
         .sentence = "the same, in the buffer"},
        {.id = "P1",
         .kind = FailureKind::kAssertion,
         .objects = {"wiphy->mtx"},
         .functions = {"assert_wiphy_held"},
         .sentence = "lockdep_assert_held catches it"},
    });

}  // namespace scenarios
