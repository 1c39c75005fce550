// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/l2cap_core.c.
//
// Kept:    lock scopes and order, lifetimes, the order of l2cap_conn_add and l2cap_conn_del, which
//          works hold no reference, early returns and errno values.
// Dropped: reassembly, fixed channels of listening sockets, users of a connection, channel timers,
//          security, the connection request that a new channel sends. None of them takes another
//          lock than those here.
// Changed: l2cap_chan_connect is given the controller (hci_get_route); frames are whole; the
//          signalling channel is l2cap_sig.cc, and frames of the security manager go to smp.cc
//          without a channel.

#include "models/bluetooth/l2cap_core.h"

#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/l2cap_sig.h"
#include "models/bluetooth/smp.h"
#include "models/kernel/err.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::GFP_KERNEL;
using kernel::IS_ERR;
using kernel::kfree;
using kernel::kzalloc_obj;
using kernel::msecs_to_jiffies;
using kernel::PTR_ERR;

// ---- Connections

static void l2cap_info_timeout(work_struct* work) {
  l2cap_conn* conn = container_of(to_delayed_work(work), l2cap_conn, info_timer);
  conn->info_state |= L2CAP_INFO_FEAT_MASK_REQ_DONE;

  mutex_lock(&conn->lock);
  l2cap_conn_start(conn);
  mutex_unlock(&conn->lock);
}

l2cap_conn* l2cap_conn_add(hci_conn* hcon) {
  lockdep_assert_held(&hcon->hdev->lock);
  l2cap_conn* conn = hcon->l2cap_data;
  if (conn != nullptr) return conn;

  hci_chan* hchan = hci_chan_create(hcon);
  if (hchan == nullptr) return nullptr;

  conn = kzalloc_obj<l2cap_conn>(GFP_KERNEL);
  if (conn == nullptr) {
    hci_chan_del(hchan);
    return nullptr;
  }

  kref_init(&conn->ref);
  hcon->l2cap_data = conn;
  conn->hcon = hci_conn_get(hcon);
  conn->hchan = hchan;
  mutex_init(&conn->lock);
  INIT_LIST_HEAD(&conn->chan_l);
  INIT_DELAYED_WORK(&conn->info_timer, l2cap_info_timeout);
  INIT_DELAYED_WORK(&conn->id_addr_timer, l2cap_conn_update_id_addr);
  skb_queue_head_init(&conn->pending_rx);
  INIT_WORK(&conn->pending_rx_work, process_pending_rx);
  conn->disc_reason = HCI_ERROR_REMOTE_USER_TERM;
  return conn;
}

static void l2cap_conn_free(kernel::kref* ref) {
  l2cap_conn* conn = container_of(ref, l2cap_conn, ref);
  hci_conn_put(conn->hcon);
  kfree(conn);
}

l2cap_conn* l2cap_conn_get(l2cap_conn* conn) {
  kref_get(&conn->ref);
  return conn;
}

static l2cap_conn* l2cap_conn_hold_unless_zero(l2cap_conn* conn) {
  if (conn == nullptr || kref_get_unless_zero(&conn->ref) == 0) return nullptr;
  return conn;
}

void l2cap_conn_put(l2cap_conn* conn) {
  kref_put(&conn->ref, l2cap_conn_free);
}

static void l2cap_conn_del_channels(l2cap_conn* conn, int err) {
  l2cap_chan* chan = nullptr;
  l2cap_chan* l = nullptr;
  list_for_each_entry_safe(chan, l, &conn->chan_l, list) {
    l2cap_chan_hold(chan);
    l2cap_chan_lock(chan);
    l2cap_chan_del(chan, err);
    l2cap_chan_unlock(chan);
    l2cap_chan_put(chan);
  }
}

void l2cap_conn_del(hci_conn* hcon, int err) {
  const update_options& options = hcon->hdev->options;
  lockdep_assert_held(&hcon->hdev->lock);
  l2cap_conn* conn = hcon->l2cap_data;
  if (conn == nullptr) return;

  if (options.disables_works_first) {
    disable_delayed_work_sync(&conn->info_timer);
    disable_delayed_work_sync(&conn->id_addr_timer);
  }
  if (options.cancels_pending_rx_first) cancel_work_sync(&conn->pending_rx_work);

  mutex_lock(&conn->lock);

  skb_queue_purge(&conn->pending_rx);

  // Waiting with conn->lock held, for works that take it: T1 and T2. Not waiting for one that
  // already runs: T3.
  if (!options.cancels_pending_rx_first && work_pending(&conn->pending_rx_work)) {
    cancel_work_sync(&conn->pending_rx_work);
  }
  if (!options.disables_works_first) cancel_delayed_work_sync(&conn->id_addr_timer);

  hcon->disc_timeout = 0;  // Links without an upper layer are not kept.
  l2cap_conn_del_channels(conn, err);

  if (!options.disables_works_first && (conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_SENT) != 0) {
    cancel_delayed_work_sync(&conn->info_timer);
  }

  hci_chan_del(conn->hchan);
  conn->hchan = nullptr;
  hcon->l2cap_data = nullptr;
  mutex_unlock(&conn->lock);
  l2cap_conn_put(conn);
}

void l2cap_conn_start(l2cap_conn* conn) {
  lockdep_assert_held(&conn->lock);
  l2cap_chan* chan = nullptr;
  list_for_each_entry(chan, &conn->chan_l, list) {
    l2cap_chan_lock(chan);
    if (chan->state == BT_CONNECT) chan->state = BT_CONNECTED;
    l2cap_chan_unlock(chan);
  }
}

void l2cap_conn_ready(l2cap_conn* conn) {
  hci_conn* hcon = conn->hcon;
  if (hcon->type == ACL_LINK) l2cap_request_info(conn);

  mutex_lock(&conn->lock);
  l2cap_conn_start(conn);
  mutex_unlock(&conn->lock);

  queue_work(hcon->hdev->workqueue, &conn->pending_rx_work);
}

void l2cap_request_info(l2cap_conn* conn) {
  if ((conn->info_state & L2CAP_INFO_FEAT_MASK_REQ_SENT) != 0) return;

  const l2cap_info_req req = {.type = 0x0002};
  conn->info_state |= L2CAP_INFO_FEAT_MASK_REQ_SENT;
  schedule_delayed_work(&conn->info_timer, msecs_to_jiffies(L2CAP_INFO_TIMEOUT_MS));
  l2cap_send_cmd(conn, 1, L2CAP_INFO_REQ, sizeof(req), &req);
}

void l2cap_connect_cfm(hci_conn* hcon, u8 status) {
  if (status != 0) {
    l2cap_conn_del(hcon, bt_to_errno(status));
    return;
  }
  l2cap_conn* conn = l2cap_conn_add(hcon);
  if (conn == nullptr) return;
  l2cap_conn_ready(conn);
}

void l2cap_disconn_cfm(hci_conn* hcon, u8 reason) {
  l2cap_conn_del(hcon, bt_to_errno(reason));
}

// hcon->l2cap_data belongs to hdev->lock, and whoever holds that may be waiting for the work that
// calls this: T5.
u8 l2cap_disconn_ind(hci_conn* hcon) {
  hci_dev* hdev = hcon->hdev;
  const disconn_ind_lock locks = hdev->options.disconn_ind;
  if (locks == disconn_ind_lock::HDEV_LOCK) hci_dev_lock(hdev);
  if (locks == disconn_ind_lock::HDEV_TRYLOCK && mutex_trylock(&hdev->lock) == 0) {
    return HCI_ERROR_REMOTE_USER_TERM;
  }

  const l2cap_conn* conn = hcon->l2cap_data;
  const u8 reason = conn != nullptr ? conn->disc_reason : HCI_ERROR_REMOTE_USER_TERM;
  if (locks != disconn_ind_lock::NONE) hci_dev_unlock(hdev);
  return reason;
}

// ---- Channels

l2cap_chan* l2cap_chan_create() {
  l2cap_chan* chan = kzalloc_obj<l2cap_chan>(GFP_KERNEL);
  if (chan == nullptr) return nullptr;

  mutex_init(&chan->lock);
  INIT_LIST_HEAD(&chan->list);
  kref_init(&chan->kref);
  chan->state = BT_OPEN;
  return chan;
}

static void l2cap_chan_destroy(kernel::kref* kref) {
  l2cap_chan* chan = container_of(kref, l2cap_chan, kref);
  kfree(chan);
}

void l2cap_chan_hold(l2cap_chan* chan) {
  kref_get(&chan->kref);
}
void l2cap_chan_put(l2cap_chan* chan) {
  kref_put(&chan->kref, l2cap_chan_destroy);
}

void __l2cap_chan_add(l2cap_conn* conn, l2cap_chan* chan) {
  lockdep_assert_held(&conn->lock);
  chan->conn = conn;
  l2cap_chan_hold(chan);
  hci_conn_hold(conn->hcon);
  list_add(&chan->list, &conn->chan_l);
}

void l2cap_chan_del(l2cap_chan* chan, int err) {
  (void)err;
  l2cap_conn* conn = chan->conn;
  if (conn != nullptr) {
    list_del(&chan->list);
    l2cap_chan_put(chan);
    chan->conn = nullptr;
    hci_conn_drop(conn->hcon);
  }
  chan->state = BT_CLOSED;
}

l2cap_chan* __l2cap_get_chan_by_scid(l2cap_conn* conn, u16 cid) {
  l2cap_chan* c = nullptr;
  list_for_each_entry(c, &conn->chan_l, list) {
    if (c->scid == cid) return c;
  }
  return nullptr;
}

static l2cap_chan* __l2cap_get_chan_by_dcid(l2cap_conn* conn, u16 cid) {
  l2cap_chan* c = nullptr;
  list_for_each_entry(c, &conn->chan_l, list) {
    if (c->dcid == cid) return c;
  }
  return nullptr;
}

// With everything locked: the channel becomes one of the connection's.
static int l2cap_chan_connect_locked(l2cap_chan* chan, l2cap_conn* conn, u16 cid) {
  hci_conn* hcon = conn->hcon;
  if (cid != 0 && __l2cap_get_chan_by_dcid(conn, cid) != nullptr) {
    hci_conn_drop(hcon);
    return -EBUSY;
  }
  chan->scid = cid;
  chan->dcid = cid;
  __l2cap_chan_add(conn, chan);
  hci_conn_drop(hcon);  // __l2cap_chan_add holds the link by itself.

  chan->state = BT_CONNECT;
  if (hcon->state == BT_CONNECTED) chan->state = BT_CONNECTED;
  return 0;
}

static int l2cap_chan_may_connect(const l2cap_chan* chan) {
  switch (chan->state) {
    case BT_CONNECT:
    case BT_CONNECT2:
    case BT_CONFIG:
      return -EALREADY;
    case BT_CONNECTED:
      return -EISCONN;
    case BT_OPEN:
    case BT_BOUND:
      return 0;
    default:
      return -EBADFD;
  }
}

int l2cap_chan_connect(l2cap_chan* chan, hci_dev* hdev, u16 cid, const bdaddr_t* dst, u8 dst_type) {
  hci_conn* hcon = nullptr;
  l2cap_conn* conn = nullptr;

  hci_dev_lock(hdev);
  int err = l2cap_chan_may_connect(chan);
  if (err != 0) {
    if (err == -EALREADY) err = 0;  // On its way already.
    goto done;
  }
  bacpy(&chan->dst, dst);
  chan->dst_type = dst_type;

  hcon = hci_connect_le_scan(hdev, dst, dst_type, HCI_LE_CONN_TIMEOUT_MS);
  if (IS_ERR(hcon)) {
    err = static_cast<int>(PTR_ERR(hcon));
    goto done;
  }
  conn = l2cap_conn_add(hcon);
  if (conn == nullptr) {
    hci_conn_drop(hcon);
    err = -ENOMEM;
    goto done;
  }

  mutex_lock(&conn->lock);
  l2cap_chan_lock(chan);
  err = l2cap_chan_connect_locked(chan, conn, cid);
  l2cap_chan_unlock(chan);
  mutex_unlock(&conn->lock);

done:
  hci_dev_unlock(hdev);
  return err;
}

// ---- Frames

void l2cap_recv_acldata(hci_dev* hdev, u16 handle, sk_buff* skb) {
  hci_dev_lock(hdev);
  hci_conn* hcon = hci_conn_hash_lookup_handle(hdev, handle);
  l2cap_conn* conn = hcon != nullptr ? l2cap_conn_add(hcon) : nullptr;
  conn = l2cap_conn_hold_unless_zero(conn);
  hci_dev_unlock(hdev);
  if (conn == nullptr) {
    kfree_skb(skb);
    return;
  }

  mutex_lock(&conn->lock);
  l2cap_recv_frame(conn, skb);
  mutex_unlock(&conn->lock);
  l2cap_conn_put(conn);
}

void l2cap_recv_frame(l2cap_conn* conn, sk_buff* skb) {
  lockdep_assert_held(&conn->lock);
  if (conn->hcon->state != BT_CONNECTED) {
    skb_queue_tail(&conn->pending_rx, skb);
    return;
  }

  const auto* lh = reinterpret_cast<const l2cap_hdr*>(skb->data);
  const u16 cid = lh->cid;
  skb_pull(skb, sizeof(l2cap_hdr));
  switch (cid) {
    case L2CAP_CID_LE_SIGNALING:
      l2cap_le_sig_channel(conn, skb);
      break;
    case L2CAP_CID_SMP:
      smp_recv_cb(conn, skb);
      break;
    default:
      kfree_skb(skb);
      break;
  }
}

static bool stops_when_closed(const hci_conn& hcon) {
  return hcon.hdev->options.pending_rx_stops_when_closed && hcon.state != BT_CONNECTED;
}

void process_pending_rx(work_struct* work) {
  l2cap_conn* conn = container_of(work, l2cap_conn, pending_rx_work);

  mutex_lock(&conn->lock);
  while (sk_buff* skb = skb_dequeue(&conn->pending_rx)) {
    l2cap_recv_frame(conn, skb);  // Puts it back, at the end, if the link is no longer connected.
    if (stops_when_closed(*conn->hcon)) break;
  }
  mutex_unlock(&conn->lock);
}

}  // namespace models::bluetooth
