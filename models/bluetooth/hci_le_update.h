// SPDX-License-Identifier: GPL-2.0-only
//
// Port of the LE connection update in net/bluetooth/hci_conn.c and hci_event.c: every version of
// it, as far as HCI carries it out.
//
//   INLINE       hci_le_conn_update stores and sends, under the caller's conn->lock and its own
//                hdev->lock.
//   L2CAP_QUEUE  nothing here: l2cap_sig.cc queues l2cap_conn_param_update_sync.
//   HCI_QUEUE    hci_le_conn_update queues le_conn_update_sync.
//   reference    hci_le_conn_update_prepare and _submit replace hci_le_conn_update;
//                le_conn_update_sync sends.

#pragma once

#include "models/bluetooth/hci_conn.h"
#include "models/bluetooth/hci_sync.h"

namespace models::bluetooth {

// What a queued update needs. Owned by the queue entry until its destroy callback runs; a reference
// implementation hands it on to conn->pending_updates.
struct le_conn_update_data {
  hci_conn* conn;  // A reference, if options.holds_link.
  update_values values;
  // Reference only.
  list_head pending;               // In conn->pending_updates while it waits to be confirmed.
  sk_buff* command;                // Until it is queued.
  hci_cmd_sync_work_entry* entry;  // Until it is queued.
};

// Updates the parameters of a link now or later, as the options say. Returns 1 if stored parameters
// were changed, else 0; the caller does not learn whether anything was queued.
u8 hci_le_conn_update(hci_conn* conn, const update_values& values);

// Fills in the command for a link that the controller calls `handle`.
hci_cp_le_conn_update hci_le_conn_update_cp(u16 handle, const update_values& values);

// ---- The reference

// Allocates everything that the update will need; null if any of it fails.
le_conn_update_data* hci_le_conn_update_prepare(hci_conn* conn, const update_values& values);

// Gives a prepared update back.
void hci_le_conn_update_abandon(le_conn_update_data* data);

// Queues a prepared update and then calls answer(context), both before the update can run. Returns
// 0 and takes `data`, or -ENETDOWN or -ENODEV.
int hci_le_conn_update_submit(le_conn_update_data* data, void (*answer)(void* context),
                              void* context);

// The controller refused the command for this link and these values.
void hci_le_conn_update_refused(hci_conn* conn, const update_values& values);

// An update of this link was tried, and failed: the first that it waits for.
void hci_le_conn_update_failed(hci_conn* conn);

// The link is going: it waits for nothing any more. REQUIRES: hdev->lock.
void hci_le_conn_update_forget(hci_conn* conn);

// ---- Events

// The controller has updated a link. Stores the parameters and tells user space, if this version
// does so here. REQUIRES: hdev->lock, hdev->workqueue.
void hci_le_conn_updated(hci_conn* conn, const hci_ev_le_conn_update_complete& ev);

}  // namespace models::bluetooth
