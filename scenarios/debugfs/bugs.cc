// SPDX-License-Identifier: MIT
//
// What the known bugs of debugfs removal and of the wireless stack's files look like as failures.
//
// L1 to L3 are those of the late initialisation, P1 to P9 what is left to users of the fixed
// version; VARIANT-kind names what has no such id, by the first version that has it.

#include "heddle/testing/scenario.h"

namespace scenarios {

using heddle::BugPattern;
using heddle::FailureKind;

// The patterns of one bug that differ in one object and the function that uses it.
struct Place {
  std::string object;
  std::string function;
};

static std::vector<BugPattern> ForEach(const BugPattern& bug, const std::vector<Place>& places) {
  std::vector<BugPattern> patterns;
  for (const Place& place : places) {
    patterns.push_back(bug);
    patterns.back().objects = {place.object};
    patterns.back().functions = {place.function};
  }
  return patterns;
}

// ---- Removal and what it waits for

static const bool drains = heddle::RegisterBugs(
    "debugfs",
    {
        {.id = "G0-deadlock",
         .kind = FailureKind::kDeadlock,
         .objects = {"fsd->active_users_drained", "wiphy->mtx"},
         .sentence = "removal waits under wiphy->mtx for a handler that takes it"},
        {.id = "G0L-lock-order",
         .kind = FailureKind::kLockOrder,
         .objects = {"debugfs:file", "wiphy->mtx"},
         .sentence = "the annotation says so without the deadlock: a handler takes wiphy->mtx, and "
                     "removal runs under it"},
        {.id = "G1-deadlock",
         .kind = FailureKind::kDeadlock,
         .objects = {"wiphy->mtx", "work.completion"},
         .functions = {"__debugfs_file_removed"},
         .sentence = "the inverted test: removal waits under wiphy->mtx for a handler that waits "
                     "for wiphy work, and cancels nothing"},
        {.id = "G1-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-G1",
         .functions = {"__debugfs_file_removed"},
         .sentence = "the early return, seen as a handler that is inside after removal"},
    });

static const BugPattern early_return = {
    .id = "G1-use-after-free",
    .kind = FailureKind::kUseAfterFree,
    .sentence =
        "the early return: a handler that enters a cancellation ends the only wait, and "
        "what it works on is freed"};
static const bool early_returns = heddle::RegisterBugs(
    "debugfs", ForEach(early_return, {{"ieee80211_sub_if_data", "ieee80211_if_fmt_uapsd_queues"},
                                      {"ieee80211_link_data", "ieee80211_if_fmt_txpower"},
                                      {"sta_info", "sta_agg_status_do_read"},
                                      {"sta_info", "parse_number"}}));

static const BugPattern unlocked_cancel = {
    .id = "G1t-stack-use-after-return",
    .kind = FailureKind::kStackUseAfterReturn,
    .sentence = "the lock is dropped around cancel(), and the handler leaves meanwhile"};
static const bool unlocked_cancels = heddle::RegisterBugs(
    "debugfs", ForEach(unlocked_cancel, {{"cancellation", "cancel_all"},
                                         {"work", "wiphy_locked_debugfs_read_cancel"},
                                         {"work", "list_empty"},
                                         {"request", "firmware_cancel"}}));

// ---- What the author of the series rejected

static const bool alternatives = heddle::RegisterBugs(
    "debugfs",
    {
        {.id = "Gtry-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-G5",
         .functions = {"read"},
         .sentence = "a call on a file that is there fails because wiphy->mtx is busy"},
        {.id = "Gtry-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-G5",
         .functions = {"write"},
         .sentence = "a call on a file that is there fails because wiphy->mtx is busy"},
        {.id = "GE-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"ieee80211_sub_if_data"},
         .functions = {"remove_with_mutex_dropped"},
         .sentence = "wiphy->mtx is dropped between choosing an interface and removing its files, "
                     "and somebody else removes it"},
        {.id = "GE-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"ieee80211_sub_if_data"},
         .functions = {"__list_del_entry"},
         .sentence = "wiphy->mtx is dropped between choosing an interface and removing its files, "
                     "and somebody else removes it"},
    });

// ---- Automount

static const bool automounts = heddle::RegisterBugs(
    "debugfs", {
                   {.id = "A0-invalid-free",
                    .kind = FailureKind::kInvalidFree,
                    .functions = {"debugfs_release_dentry"},
                    .sentence = "the callback of an automount is given to kfree"},
               });

// ---- L1 to L3

static const bool late_initialisation = heddle::RegisterBugs(
    "debugfs",
    {
        {.id = "L1",
         .kind = FailureKind::kMisuse,
         .functions = {"lock_cancellations"},
         .sentence = "a handler finds a fsdata whose lock and list its publisher has not yet "
                     "initialised"},
        {.id = "L1",
         .kind = FailureKind::kUninitialisedRead,
         .objects = {"debugfs_fsdata"},
         .functions = {"acquire_annotation"},
         .sentence = "or whose annotation it has not yet initialised"},
        {.id = "L1",
         .kind = FailureKind::kMisuse,
         .functions = {"__debugfs_file_removed"},
         .sentence = "removal finds such a fsdata"},
        {.id = "L2",
         .kind = FailureKind::kMisuse,
         .objects = {"fsd->cancellations_mtx"},
         .functions = {"init_fsdata"},
         .sentence = "the loser initialises the winner's mutex while it is held"},
        {.id = "L2",
         .kind = FailureKind::kDeadlock,
         .objects = {"wiphy->mtx", "work.completion"},
         .functions = {"cancel_until_unused"},
         .sentence = "the loser empties the winner's list, and removal never cancels what was in "
                     "it"},
        {.id = "L3",
         .kind = FailureKind::kMisuse,
         .functions = {"init_fsdata"},
         .sentence = "the loser registers the key of the annotation once more"},
    });

// ---- P1 to P9

static const BugPattern frame_in_use = {
    .id = "P1",
    .kind = FailureKind::kStackUseAfterReturn,
    .sentence = "a file is removed without wiphy->mtx: the work goes on with a frame that is gone"};
static const bool frames_in_use = heddle::RegisterBugs(
    "debugfs", ForEach(frame_in_use, {{"work", "wiphy_locked_debugfs_read_work"},
                                      {"work", "cfg80211_wiphy_work"},
                                      {"data", "read_handler"},
                                      {"buf", "format_number"}}));

static const bool rules = heddle::RegisterBugs(
    "debugfs",
    {
        {.id = "P1",
         .kind = FailureKind::kAssertion,
         .objects = {"wiphy->mtx"},
         .functions = {"assert_wiphy_held"},
         .sentence = "lockdep_assert_held is all that says so"},
        {.id = "P2",
         .kind = FailureKind::kRecursiveDeadlock,
         .objects = {"fsd->active_users_drained"},
         .sentence = "a handler removes its own file, and waits for itself"},
        {.id = "P2",
         .kind = FailureKind::kDeadlock,
         .objects = {"fsd->active_users_drained", "request.done"},
         .sentence = "a handler has its own file removed, and waits for whoever does it"},
        {.id = "P3",
         .kind = FailureKind::kDeadlock,
         .functions = {"cancel_until_unused", "inode_lock"},
         .sentence = "a handler makes an entry in its own directory, which removal has locked"},
        {.id = "P4",
         .kind = FailureKind::kHang,
         .objects = {"work.completion"},
         .functions = {"wiphy_locked_debugfs_read"},
         .sentence = "a user reads while the device is suspended, and waits until it resumes or "
                     "the file is removed, if ever"},
        {.id = "P5",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"firmware_device"},
         .functions = {"release_state"},
         .sentence = "release runs after removal, and looks at what was freed"},
        {.id = "P6",
         .kind = FailureKind::kAssertion,
         .functions = {"use_state"},
         .sentence = "without memory for fsdata or proxy, something is left behind"},
        {.id = "P7",
         .kind = FailureKind::kAssertion,
         .functions = {"remove_while_read"},
         .sentence = "users who come after the unlinking keep the remover waiting"},
        {.id = "P8",
         .kind = FailureKind::kStackUseAfterReturn,
         .objects = {"work"},
         .functions = {"complete"},
         .sentence = "a handler whose work is done is cancelled as well: two signals"},
        {.id = "P9",
         .kind = FailureKind::kDeadlock,
         .objects = {"device->handler_left", "fsd->cancellations_mtx"},
         .sentence = "cancel() waits for its handler, which cannot leave its cancellation"},
    });

}  // namespace scenarios
