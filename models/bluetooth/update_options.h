// SPDX-License-Identifier: GPL-2.0-only
//
// update_options: in what the versions of the connection parameter update differ.
//
// One member per difference; a version of the code is a set of them, and named_variants() says
// which. The defaults are those of the merged form on a tree that has both fixes of l2cap_conn_del
// (B5f). hci_dev carries the options, so every function of the port reads them from the object it
// works on.

#pragma once

#include <span>
#include <string_view>

namespace models::bluetooth {

// Who carries out an accepted request.
enum class update_path {
  INLINE,       // The request handler itself, under conn->lock (f044eb0524a0).
  L2CAP_QUEUE,  // l2cap_conn_param_update_sync on the cmd_sync worker (v1, v2).
  HCI_QUEUE,    // hci_le_conn_update queues le_conn_update_sync (v3 and later).
};

// What is allocated before the peer is answered.
enum class update_prepare {
  NOTHING,     // The answer is sent first.
  DATA,        // The data of the queue entry (v2).
  EVERYTHING,  // Data, queue entry, HCI command and response; the answer comes last (reference).
};

// What the queued callback tests under hdev->lock before it goes on.
enum class update_recheck {
  NOTHING,
  HANDLE_AND_DST,  // A link has this handle, and its address is the one noted (v2).
  LINK_OBJECT,     // The link object that was noted is still in the hash (hci_conn_valid, v4, v5).
};

// Where the queued callback reads handle and address of its link, if it notes the link object.
enum class update_link_read {
  AFTER_UNLOCK,     // After hdev->lock was dropped (v4).
  UNDER_HDEV_LOCK,  // Before (v5).
};

// How the queued callback sends the command.
enum class update_send {
  AFTER_UNLOCK,     // hci_send_cmd without hdev->lock.
  UNDER_HDEV_LOCK,  // hci_send_cmd in the critical section of the test (reference).
  AND_WAIT,         // __hci_cmd_sync_status_sk: without hdev->lock, waiting for the event (v4, v5).
};

// When the parameters are stored and user space is told.
enum class update_store {
  WHEN_SENT,        // Before the command is sent, whatever becomes of it.
  ON_COMPLETE,      // In the event handler, from the last command sent (v3).
  AFTER_WAIT,       // In the callback, once its wait is over (v4, v5).
  ON_CONFIRMATION,  // In the event handler, from what this link waits for (reference).
};

// How l2cap_disconn_ind protects hcon->l2cap_data; see T5.
enum class disconn_ind_lock {
  NONE,
  HDEV_LOCK,     // Deadlocks with hci_conn_del, which waits for the work that calls it.
  HDEV_TRYLOCK,  // Proposed: on contention return the default reason.
};

struct update_options {
  update_path path = update_path::HCI_QUEUE;
  update_prepare prepare = update_prepare::NOTHING;
  update_recheck recheck = update_recheck::LINK_OBJECT;
  update_link_read link_read = update_link_read::UNDER_HDEV_LOCK;
  update_send send = update_send::AND_WAIT;
  update_store store = update_store::AFTER_WAIT;

  // The queued data holds a reference on the link (hci_conn_get).
  bool holds_link = true;
  // hci_le_conn_update_complete_evt compares the handle of the last command with that of the event.
  bool compares_handle = true;
  // hci_conn_valid is tested once more after the wait, before anything is stored.
  bool rechecks_after_wait = true;

  // F1 (00fdebbbc557): l2cap_conn_del disables its delayed works before it takes conn->lock.
  bool disables_works_first = true;
  // F2 (2641a9e0a1dd): l2cap_conn_del cancels pending_rx_work before it takes conn->lock.
  bool cancels_pending_rx_first = true;

  // Not in any version: the destroy callback of v2's queued entry takes hdev->lock (B2x).
  bool destroy_takes_hdev_lock = false;

  // Not in any version: the range of the values is tested without the defect; see INV-B6.
  bool checks_range_exactly = false;

  // Not in any version: pending frames are no longer taken up once the link is closed. Without it,
  // closing a device while process_pending_rx runs has that put frames back for ever.
  bool pending_rx_stops_when_closed = false;

  disconn_ind_lock disconn_ind = disconn_ind_lock::NONE;
  // The deferred accept walks conn->chan_l under conn->lock; see T6.
  bool deferred_accept_locks_conn = false;
};

struct named_variant {
  std::string_view id;
  update_options options;
  std::string_view what;  // One clause for tables.
};

// All named versions, in the order of tables.
std::span<const named_variant> named_variants();

// The options of one of them. REQUIRES: there is a variant `id`.
const update_options& variant(std::string_view id);

}  // namespace models::bluetooth
