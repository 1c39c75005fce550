// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_conn.c: links, their lifetime, and the parameter update.
//
// A link object lives as long as somebody holds a reference on it (hci_conn_get, hci_conn_put); the
// first one is dropped by hci_conn_del, which also takes the link out of the hash. The two moments
// differ. hci_conn_hold and hci_conn_drop count users of the link, not of the memory: with the last
// one gone disc_work is queued.

#pragma once

#include "models/bluetooth/hci.h"
#include "models/bluetooth/hci_core.h"
#include "models/kernel/kref.h"

namespace models::bluetooth {

using kernel::atomic_t;
using kernel::delayed_work;

struct l2cap_conn;

// A logical channel of a link, with the frames that wait to be sent.
struct hci_chan {
  list_head list;  // conn->chan_list: added and removed under hdev->lock, walked under RCU.
  hci_conn* conn;
  sk_buff_head data_q;
};

// A link. Fields: hdev->lock, with the exceptions named.
struct hci_conn {
  list_head list;  // hdev->conn_hash: walked under RCU.
  hci_dev* hdev;

  u16 handle;
  bdaddr_t dst;  // Rewritten by smp_notify_keys, under conn->lock only.
  u8 dst_type;   // The same.
  u8 type;
  u8 role;
  u8 state;
  u8 abort_reason;  // Not 0: is being ended.
  // In milliseconds; 0 for links that the controller's accept list made.
  unsigned int conn_timeout;
  unsigned int disc_timeout;  // How long a link without users is kept, in milliseconds.

  u16 le_conn_interval;
  u16 le_conn_latency;
  u16 le_supv_timeout;

  atomic_t refcnt;   // Users; see hci_conn_hold.
  kernel::kref dev;  // Memory; see hci_conn_get. (The kernel counts conn->dev.)

  list_head chan_list;
  l2cap_conn* l2cap_data;  // hdev->lock.
  delayed_work disc_work;  // On hdev->workqueue.

  // Updates that this link waits to see confirmed; see update_store::ON_CONFIRMATION.
  list_head pending_updates;

  // For the record of the invariants: which link this is.
  int ghost_link;
};

// ---- Lifetime

// Returns a new link in the hash, or null. Until the controller names it, `handle` is a
// placeholder. REQUIRES: hdev->lock.
hci_conn* hci_conn_add(hci_dev* hdev, u8 type, const bdaddr_t* dst, u8 dst_type, u16 handle);
hci_conn* hci_conn_add_unset(hci_dev* hdev, u8 type, const bdaddr_t* dst, u8 dst_type);

// Takes the link out of the hash, waits for its works and drops the first reference. Entries of the
// cmd_sync queue whose data is the link itself are cancelled; entries that wrap it are not.
// REQUIRES: hdev->lock.
void hci_conn_del(hci_conn* conn);

// Deletes every link, upper layers first. REQUIRES: hdev->lock.
void hci_conn_hash_flush(hci_dev* hdev);

hci_conn* hci_conn_get(hci_conn* conn);
void hci_conn_put(hci_conn* conn);
void hci_conn_hold(hci_conn* conn);
void hci_conn_drop(hci_conn* conn);

// ---- Lookup. The result is valid while hdev->lock is held; no reference is taken.

hci_conn* hci_conn_hash_lookup_handle(hci_dev* hdev, u16 handle);
hci_conn* hci_conn_hash_lookup_le(hci_dev* hdev, const bdaddr_t* ba, u8 ba_type);
// Returns whether `conn` is in the hash; compares addresses only and does not dereference `conn`.
bool hci_conn_valid(hci_dev* hdev, const hci_conn* conn);

// ---- Connecting and disconnecting

// Returns the LE link to the address, one that is being set up if there was none, or an error
// pointer. The caller holds the link (hci_conn_hold). REQUIRES: hdev->lock.
hci_conn* hci_connect_le_scan(hci_dev* hdev, const bdaddr_t* dst, u8 dst_type,
                              unsigned int conn_timeout);

// The connection could not be made: tells the upper layers, deletes the link. REQUIRES: hdev->lock.
void hci_conn_failed(hci_conn* conn, u8 status);

// Queues an entry that ends the link by command. With or without hdev->lock.
int hci_abort_conn(hci_conn* conn, u8 reason);

// Tell the upper layers. REQUIRES: hdev->lock; both take hci_cb_list_lock.
void hci_connect_cfm(hci_conn* conn, u8 status);
void hci_disconn_cfm(hci_conn* conn, u8 reason);

// ---- Channels. REQUIRES: hdev->lock.

hci_chan* hci_chan_create(hci_conn* conn);
void hci_chan_del(hci_chan* chan);

}  // namespace models::bluetooth
