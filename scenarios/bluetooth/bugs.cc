// SPDX-License-Identifier: MIT
//
// What the known bugs of the connection parameter update look like as failures.
//
// The ids R1 to R19, T1 to T6 and B6 are those of the bugs that stay, or come, with the versions of
// the patch; VARIANT-kind names what has no such id. An invariant's breach names what was missing
// or mistaken, and the function in which it happened: models/bluetooth/invariants.h.

#include "heddle/testing/scenario.h"

namespace scenarios {

using heddle::BugPattern;
using heddle::FailureKind;

static const bool deadlocks = heddle::RegisterBugs(
    "bluetooth",
    {
        {.id = "B0-deadlock",
         .kind = FailureKind::kDeadlock,
         .objects = {"conn->lock", "hdev->lock"},
         .functions = {"hci_le_conn_update"},
         .sentence =
             "the update takes hdev->lock under conn->lock, others take them the other way"},
        {.id = "B0-lock-order",
         .kind = FailureKind::kLockOrder,
         .objects = {"conn->lock", "hdev->lock"},
         .sentence = "lockdep sees both orders of conn->lock and hdev->lock, nobody hangs"},
        {.id = "T1",
         .kind = FailureKind::kLockOrder,
         .objects = {"conn->info_timer", "conn->lock"},
         .sentence = "l2cap_conn_del waits under conn->lock for info_timer, which takes it"},
        {.id = "R9",
         .kind = FailureKind::kDeadlock,
         .objects = {"conn->lock", "hdev->cmd_sync_work_lock", "hdev->lock"},
         .sentence = "a destroy callback takes hdev->lock under cmd_sync_work_lock"},
        {.id = "T1",
         .kind = FailureKind::kDeadlock,
         .objects = {"conn->info_timer", "conn->lock"},
         .functions = {"l2cap_conn_del"},
         .sentence = "l2cap_conn_del waits under conn->lock for info_timer, which takes it"},
        {.id = "T1",
         .kind = FailureKind::kDeadlock,
         .objects = {"conn->id_addr_timer", "conn->lock"},
         .functions = {"l2cap_conn_del"},
         .sentence = "l2cap_conn_del waits under conn->lock for id_addr_timer, which takes it"},
        {.id = "T2",
         .kind = FailureKind::kDeadlock,
         .objects = {"conn->lock", "conn->pending_rx_work"},
         .functions = {"l2cap_conn_del"},
         .sentence = "l2cap_conn_del waits under conn->lock for pending_rx_work, which takes it"},
        {.id = "T4",
         .kind = FailureKind::kDeadlock,
         .objects = {"conn->pending_rx_work", "hdev->lock"},
         .functions = {"hci_le_conn_update", "l2cap_conn_del"},
         .sentence = "l2cap_conn_del waits under hdev->lock for a frame whose update takes it"},
        {.id = "T5",
         .kind = FailureKind::kDeadlock,
         .objects = {"conn->disc_work", "hdev->lock"},
         .functions = {"l2cap_disconn_ind"},
         .sentence = "disc_work takes hdev->lock, under which hci_conn_del waits for it"},
    });

static const bool lifetimes = heddle::RegisterBugs(
    "bluetooth",
    {
        {.id = "R19",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"hci_conn"},
         .functions = {"le_conn_update_sync"},
         .sentence = "the link is freed before the callback that has no reference"},
        {.id = "T3",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"l2cap_conn"},
         .functions = {"process_pending_rx"},
         .sentence = "pending_rx_work, running and without a reference, uses a connection that was "
                     "freed"},
        {.id = "T5",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"l2cap_conn"},
         .functions = {"l2cap_disconn_ind"},
         .sentence = "disc_work reads a connection that was freed"},
        {.id = "T6",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"__l2cap_ecred_conn_rsp_defer"},
         .sentence = "the deferred accept walks channels without conn->lock"},
        {.id = "T6",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"l2cap_ecred_rsp_defer"},
         .sentence = "the deferred accept walks channels without conn->lock"},
        {.id = "T6",
         .kind = FailureKind::kOops,
         .functions = {"__l2cap_ecred_conn_rsp_defer"},
         .sentence = "the deferred accept follows a channel that was taken out of the list"},
        {.id = "B0-step-limit",
         .kind = FailureKind::kStepLimit,
         .sentence = "process_pending_rx puts the frames of a closed link back for ever, with "
                     "conn->lock held"},
    });

static const bool races = heddle::RegisterBugs(
    "bluetooth",
    {
        {.id = "R5",
         .kind = FailureKind::kDataRace,
         .objects = {"hci_conn"},
         .functions = {"bacmp", "bacpy"},
         .sentence = "the re-check reads an address while it is rewritten"},
        {.id = "R5",
         .kind = FailureKind::kDataRace,
         .objects = {"hci_conn"},
         .functions = {"bacpy"},
         .sentence = "an address is copied for later while it is rewritten"},
        {.id = "B5-data-race",
         .kind = FailureKind::kDataRace,
         .objects = {"hci_dev"},
         .functions = {"__hci_cmd_sync_status", "hci_cmd_sync_complete"},
         .sentence =
             "the result of a request is read after its status, which orders nothing before it"},
    });

// The patterns of one bug that differ in one object.
static std::vector<BugPattern> ForEach(const BugPattern& bug,
                                       const std::vector<std::string>& objects) {
  std::vector<BugPattern> patterns;
  for (const std::string& object : objects) {
    patterns.push_back(bug);
    patterns.back().objects = {object};
  }
  return patterns;
}

static const bool agreement_bugs = heddle::RegisterBugs(
    "bluetooth",
    {
        {.id = "R1",
         .kind = FailureKind::kInvariant,
         .property = "INV-B1",
         .functions = {"l2cap_conn_param_update_req"},
         .sentence = "the cmd_sync queue refuses the update after ACCEPTED"},
        {.id = "B1-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-B1",
         .objects = {"conn_param_update_data"},
         .functions = {"l2cap_conn_param_update_req"},
         .sentence = "the data is allocated after ACCEPTED"},
        {.id = "R4",
         .kind = FailureKind::kInvariant,
         .property = "INV-B1",
         .objects = {"hcon->dst"},
         .functions = {"l2cap_conn_param_update_sync"},
         .sentence = "the re-check takes a link that now goes by its identity for another"},
        {.id = "R13",
         .kind = FailureKind::kInvariant,
         .property = "INV-B1",
         .functions = {"hci_le_conn_update"},
         .sentence = "data and queue entry are allocated after ACCEPTED"},
        {.id = "R13",
         .kind = FailureKind::kInvariant,
         .property = "INV-B1",
         .objects = {"sk_buff"},
         .functions = {"le_conn_update_sync"},
         .sentence = "the command is allocated after ACCEPTED"},
        {.id = "R6",
         .kind = FailureKind::kInvariant,
         .objects = {"sk_buff"},
         .functions = {"hci_send_cmd"},
         .sentence = "the failure of hci_send_cmd is ignored"},
        {.id = "R7",
         .kind = FailureKind::kInvariant,
         .property = "INV-B7",
         .objects = {"sk_buff"},
         .functions = {"l2cap_send_cmd"},
         .sentence = "without memory for the answer there is none, and the update goes on"},
        {.id = "B6",
         .kind = FailureKind::kInvariant,
         .property = "INV-B6",
         .functions = {"hci_check_conn_params"},
         .sentence = "max_latency wraps, and any latency is accepted"},
    });

static const BugPattern r16 = {
    .id = "R16",
    .kind = FailureKind::kInvariant,
    .property = "INV-B2",
    .functions = {"l2cap_conn_param_update_sync"},
    .sentence = "the re-check compares handle and address, but not the types"};
static const bool r16_bugs =
    heddle::RegisterBugs("bluetooth", ForEach(r16, {"hcon->dst_type", "hcon->type"}));

static const bool target_bugs = heddle::RegisterBugs(
    "bluetooth",
    {
        {.id = "R2",
         .kind = FailureKind::kInvariant,
         .property = "INV-B2",
         .objects = {"hdev->lock"},
         .functions = {"l2cap_conn_param_update_sync"},
         .sentence = "the handle is re-used after the re-check, before the command"},
        {.id = "R12",
         .kind = FailureKind::kInvariant,
         .property = "INV-B2",
         .objects = {"hdev->lock"},
         .functions = {"le_conn_update_sync"},
         .sentence = "the handle is re-used after the link was found valid, before the command"},
        {.id = "R3",
         .kind = FailureKind::kInvariant,
         .property = "INV-B2",
         .objects = {"hci_conn"},
         .functions = {"l2cap_conn_param_update_sync"},
         .sentence = "the same peer is back with the same handle: the re-check cannot tell"},
        {.id = "B2n-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-B2",
         .objects = {"hcon->handle"},
         .functions = {"l2cap_conn_param_update_sync"},
         .sentence = "the callback sends for whatever link has the handle"},
        {.id = "B3-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-B2",
         .objects = {"hcon->handle"},
         .functions = {"le_conn_update_sync"},
         .sentence = "the callback sends without a test of the link"},
    });

static const BugPattern r11 = {
    .id = "R11",
    .kind = FailureKind::kInvariant,
    .functions = {"le_conn_update_sync"},
    .sentence = "the wait is ended by an event that confirms something else, or nothing"};
static const bool r11_bugs =
    heddle::RegisterBugs("bluetooth", ForEach(r11, {"hci_ev_le_conn_update_complete.handle",
                                                    "hci_ev_le_conn_update_complete.interval",
                                                    "hci_ev_le_conn_update_complete.status"}));

static const BugPattern r18 = {
    .id = "R18",
    .kind = FailureKind::kInvariant,
    .functions = {"hci_le_conn_update_complete_evt"},
    .sentence = "the last command is taken for that of the event: another link's values are used"};
static const bool r18_bugs =
    heddle::RegisterBugs("bluetooth", ForEach(r18, {"hci_conn", "hci_conn_params"}));

static const bool publication_bugs = heddle::RegisterBugs(
    "bluetooth",
    {
        {.id = "R8",
         .kind = FailureKind::kInvariant,
         .property = "INV-B5",
         .functions = {"hci_cmd_sync_clear"},
         .sentence = "an entry cancelled by unregistering frees its data twice, or never"},
        {.id = "R10",
         .kind = FailureKind::kInvariant,
         .property = "INV-B4",
         .objects = {"hdev->cmd_sync_work_list"},
         .sentence = "user space hears of two requests of one link in the wrong order"},
        {.id = "R14",
         .kind = FailureKind::kInvariant,
         .objects = {"hdev->req_wait_q"},
         .functions = {"le_conn_update_sync"},
         .sentence = "the wait timed out, and what the controller confirms later is lost"},
        {.id = "R14",
         .kind = FailureKind::kInvariant,
         .property = "INV-B8",
         .objects = {"hdev->req_lock"},
         .sentence = "users wait for req_lock, or the cmd_sync worker, as long as an update does"},
        {.id = "R15",
         .kind = FailureKind::kInvariant,
         .objects = {"hci_conn"},
         .functions = {"le_conn_update_sync"},
         .sentence = "the link went during the wait, and its values are stored"},
        {.id = "R17",
         .kind = FailureKind::kInvariant,
         .objects = {"hdev->sent_cmd"},
         .functions = {"hci_le_conn_update_complete_evt"},
         .sentence = "another command was sent meanwhile, and nothing is stored"},
        {.id = "B3-invariant",
         .kind = FailureKind::kInvariant,
         .objects = {"hci_ev_le_conn_update_complete"},
         .functions = {"hci_le_conn_update_complete_evt"},
         .sentence = "an update that nobody asked for is taken for that of the last command"},
        {.id = "B4-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-B4",
         .objects = {"hci_conn_params"},
         .functions = {"le_conn_update_sync"},
         .sentence = "the address is read while it is rewritten: user space is told a mixed one"},
    });

}  // namespace scenarios
