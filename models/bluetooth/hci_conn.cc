// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_conn.c.
//
// Kept:    the two counts of a link, the order of hci_conn_del, hci_conn_hash_flush and
//          hci_conn_drop, RCU removal from the hash, the cancellation of entries whose data is the
//          link.
// Dropped: SCO and ISO links, linked links, idle and accept works, the LE connection timer, sniff
//          mode, security, the passive scan that a new LE link asks for. None of them takes
//          conn->lock or looks at an update.
// Changed: lookups walk the hash plainly, for every caller in the port holds hdev->lock. The device
//          that counts references is a kref; handles are not freed again.

#include "models/bluetooth/hci_conn.h"

#include "models/bluetooth/ghost.h"
#include "models/bluetooth/hci_le_update.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/l2cap_core.h"
#include "models/kernel/err.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/rculist.h"
#include "models/kernel/slab.h"
#include "models/kernel/warn.h"

namespace models::bluetooth {

using kernel::ERR_PTR;
using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kzalloc_obj;
using kernel::msecs_to_jiffies;
using kernel::synchronize_rcu;

// ---- Lifetime

static void bt_link_release(kernel::kref* dev) {
  hci_conn* conn = container_of(dev, hci_conn, dev);
  kfree(conn);
}

hci_conn* hci_conn_get(hci_conn* conn) {
  kref_get(&conn->dev);
  return conn;
}

void hci_conn_put(hci_conn* conn) {
  kref_put(&conn->dev, bt_link_release);
}

void hci_conn_hold(hci_conn* conn) {
  atomic_inc(&conn->refcnt);
  cancel_delayed_work(&conn->disc_work);
}

void hci_conn_drop(hci_conn* conn) {
  if (!atomic_dec_and_test(&conn->refcnt)) return;

  const unsigned int timeo = conn->state == BT_CONNECTED ? conn->disc_timeout : 0;
  cancel_delayed_work(&conn->disc_work);
  queue_delayed_work(conn->hdev->workqueue, &conn->disc_work, msecs_to_jiffies(timeo));
}

// The link has had no user for a while. Holds no lock: hci_conn_del waits for this work under
// hdev->lock.
static void hci_conn_timeout(work_struct* work) {
  hci_conn* conn = container_of(to_delayed_work(work), hci_conn, disc_work);
  const int refcnt = atomic_read(&conn->refcnt);
  WARN_ON(refcnt < 0);
  if (refcnt > 0) return;

  hci_abort_conn(conn, l2cap_disconn_ind(conn));
}

hci_conn* hci_conn_add(hci_dev* hdev, u8 type, const bdaddr_t* dst, u8 dst_type, u16 handle) {
  lockdep_assert_held(&hdev->lock);
  hci_conn* conn = kzalloc_obj<hci_conn>(GFP_KERNEL);
  if (conn == nullptr) return nullptr;

  bacpy(&conn->dst, dst);
  conn->dst_type = dst_type;
  conn->handle = handle;
  conn->hdev = hdev;
  conn->type = type;
  conn->role = HCI_ROLE_MASTER;
  conn->state = BT_OPEN;
  conn->disc_timeout = HCI_DISCONN_TIMEOUT_MS;
  conn->ghost_link = kNoLink;
  INIT_LIST_HEAD(&conn->chan_list);
  INIT_LIST_HEAD(&conn->pending_updates);
  INIT_DELAYED_WORK(&conn->disc_work, hci_conn_timeout);
  atomic_set(&conn->refcnt, 0);
  kref_init(&conn->dev);

  list_add_tail_rcu(&conn->list, &hdev->conn_hash.list);
  return conn;
}

hci_conn* hci_conn_add_unset(hci_dev* hdev, u8 type, const bdaddr_t* dst, u8 dst_type) {
  return hci_conn_add(hdev, type, dst, dst_type, hdev->unset_handle_next++);
}

static void hci_conn_hash_del(hci_conn* conn) {
  list_del_rcu(&conn->list);
  ghost_link_gone(conn);
  synchronize_rcu();
}

static void hci_chan_list_flush(hci_conn* conn) {
  hci_chan* chan = nullptr;
  hci_chan* n = nullptr;
  list_for_each_entry_safe(chan, n, &conn->chan_list, list) hci_chan_del(chan);
}

void hci_conn_del(hci_conn* conn) {
  hci_dev* hdev = conn->hdev;
  lockdep_assert_held(&hdev->lock);
  disable_delayed_work_sync(&conn->disc_work);

  hci_chan_list_flush(conn);
  hci_le_conn_update_forget(conn);
  hci_conn_hash_del(conn);
  hci_conn_put(conn);

  hci_cmd_sync_dequeue(hdev, nullptr, conn, nullptr);
}

void hci_conn_hash_flush(hci_dev* hdev) {
  while (!list_empty(&hdev->conn_hash.list)) {
    hci_conn* conn = list_first_entry(&hdev->conn_hash.list, hci_conn, list);
    conn->state = BT_CLOSED;
    hci_disconn_cfm(conn, HCI_ERROR_LOCAL_HOST_TERM);
    hci_conn_del(conn);
  }
}

// ---- Lookup

hci_conn* hci_conn_hash_lookup_handle(hci_dev* hdev, u16 handle) {
  lockdep_assert_held(&hdev->lock);
  hci_conn* conn = nullptr;
  list_for_each_entry(conn, &hdev->conn_hash.list, list) {
    if (conn->handle == handle) return conn;
  }
  return nullptr;
}

hci_conn* hci_conn_hash_lookup_le(hci_dev* hdev, const bdaddr_t* ba, u8 ba_type) {
  lockdep_assert_held(&hdev->lock);
  hci_conn* conn = nullptr;
  list_for_each_entry(conn, &hdev->conn_hash.list, list) {
    if (conn->type == LE_LINK && conn->dst_type == ba_type && bacmp(&conn->dst, ba) == 0) {
      return conn;
    }
  }
  return nullptr;
}

bool hci_conn_valid(hci_dev* hdev, const hci_conn* conn) {
  lockdep_assert_held(&hdev->lock);
  hci_conn* c = nullptr;
  list_for_each_entry(c, &hdev->conn_hash.list, list) {
    if (c == conn) return true;
  }
  return false;
}

// ---- Connecting and disconnecting

hci_conn* hci_connect_le_scan(hci_dev* hdev, const bdaddr_t* dst, u8 dst_type,
                              unsigned int conn_timeout) {
  hci_conn* conn = hci_conn_hash_lookup_le(hdev, dst, dst_type);
  if (conn == nullptr) {
    conn = hci_conn_add_unset(hdev, LE_LINK, dst, dst_type);
    if (conn == nullptr) return ERR_PTR(-ENOMEM);
    conn->state = BT_CONNECT;
    conn->conn_timeout = conn_timeout;
  }
  hci_conn_hold(conn);
  return conn;
}

void hci_conn_failed(hci_conn* conn, u8 status) {
  conn->state = BT_CLOSED;
  hci_connect_cfm(conn, status);
  hci_conn_del(conn);
}

int hci_abort_conn(hci_conn* conn, u8 reason) {
  if (conn->abort_reason != 0) return 0;
  conn->abort_reason = reason;
  return hci_cmd_sync_queue(conn->hdev, hci_abort_conn_sync, conn, nullptr);
}

void hci_connect_cfm(hci_conn* conn, u8 status) {
  mutex_lock(&hci_cb_list_lock);
  l2cap_connect_cfm(conn, status);
  mutex_unlock(&hci_cb_list_lock);
}

void hci_disconn_cfm(hci_conn* conn, u8 reason) {
  mutex_lock(&hci_cb_list_lock);
  l2cap_disconn_cfm(conn, reason);
  mutex_unlock(&hci_cb_list_lock);
}

// ---- Channels

hci_chan* hci_chan_create(hci_conn* conn) {
  hci_chan* chan = kzalloc_obj<hci_chan>(GFP_KERNEL);
  if (chan == nullptr) return nullptr;

  chan->conn = hci_conn_get(conn);
  skb_queue_head_init(&chan->data_q);
  list_add_rcu(&chan->list, &conn->chan_list);
  return chan;
}

void hci_chan_del(hci_chan* chan) {
  list_del_rcu(&chan->list);
  synchronize_rcu();
  hci_conn_put(chan->conn);
  skb_queue_purge(&chan->data_q);
  kfree(chan);
}

}  // namespace models::bluetooth
