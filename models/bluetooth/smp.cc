// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/smp.c.
//
// Kept:    hcon->dst and hcon->dst_type are written without hdev->lock; the delayed work that tells
//          the channels.
// Dropped: pairing, keys and their storage, the lock of the security manager's channel (nobody else
//          in the port takes it).
// Changed: the identity address itself is the last frame; l2cap_conn_update_id_addr stands here.

#include "models/bluetooth/smp.h"

#include "models/bluetooth/ghost.h"
#include "models/kernel/jiffies.h"

namespace models::bluetooth {

using kernel::msecs_to_jiffies;

void smp_notify_keys(l2cap_conn* conn, const smp_cmd_ident_addr_info& info) {
  lockdep_assert_held(&conn->lock);
  hci_conn* hcon = conn->hcon;
  if (hcon->type != LE_LINK) return;

  bacpy(&hcon->dst, &info.bdaddr);
  hcon->dst_type = info.addr_type;
  ghost_identity_known(hcon);
  queue_delayed_work(hcon->hdev->workqueue, &conn->id_addr_timer,
                     msecs_to_jiffies(ID_ADDR_TIMEOUT_MS));
}

void smp_recv_cb(l2cap_conn* conn, sk_buff* skb) {
  const auto* info = reinterpret_cast<const smp_cmd_ident_addr_info*>(skb->data);
  if (info->code == SMP_CMD_IDENT_ADDR_INFO) smp_notify_keys(conn, *info);
  kfree_skb(skb);
}

void l2cap_conn_update_id_addr(work_struct* work) {
  l2cap_conn* conn = container_of(to_delayed_work(work), l2cap_conn, id_addr_timer);
  hci_conn* hcon = conn->hcon;

  mutex_lock(&conn->lock);
  l2cap_chan* chan = nullptr;
  list_for_each_entry(chan, &conn->chan_l, list) {
    l2cap_chan_lock(chan);
    bacpy(&chan->dst, &hcon->dst);
    chan->dst_type = hcon->dst_type;
    l2cap_chan_unlock(chan);
  }
  mutex_unlock(&conn->lock);
}

}  // namespace models::bluetooth
