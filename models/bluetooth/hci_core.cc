// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_core.c.
//
// Kept:    the works and what they take off which queue, the credit of one command, the clone in
//          sent_cmd, the order of hci_unregister_dev, the checks of HCI_UP and HCI_RUNNING.
// Dropped: the command timer and the reset it leads to, monitor and raw sockets, flow control of
//          data.
// Changed: the driver is controller.cc; packets carry their type, opcode and handle in skb->cb.

#include "models/bluetooth/hci_core.h"

#include "models/bluetooth/controller.h"
#include "models/bluetooth/ghost.h"
#include "models/bluetooth/hci_conn.h"
#include "models/bluetooth/hci_event.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/l2cap_core.h"
#include "models/kernel/errno.h"
#include "models/kernel/rculist.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::alloc_ordered_workqueue;
using kernel::alloc_skb;
using kernel::GFP_ATOMIC;
using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kzalloc_obj;
using kernel::rcu_read_lock;
using kernel::rcu_read_unlock;
using kernel::WQ_HIGHPRI;

DEFINE_MUTEX(hci_cb_list_lock);

static void hci_rx_work(work_struct* work);
static void hci_tx_work(work_struct* work);
static void hci_cmd_work(work_struct* work);

// ---- The controller

hci_dev* hci_alloc_dev(const update_options& options) {
  hci_dev* hdev = kzalloc_obj<hci_dev>(GFP_KERNEL);
  if (hdev == nullptr) return nullptr;

  hdev->options = options;
  hdev->cmd_cnt = 1;
  hdev->unset_handle_next = HCI_CONN_HANDLE_UNSET_FIRST;
  mutex_init(&hdev->lock);
  mutex_init(&hdev->req_lock);
  INIT_LIST_HEAD(&hdev->conn_hash.list);
  INIT_LIST_HEAD(&hdev->le_conn_params);
  INIT_WORK(&hdev->rx_work, hci_rx_work);
  INIT_WORK(&hdev->cmd_work, hci_cmd_work);
  INIT_WORK(&hdev->tx_work, hci_tx_work);
  skb_queue_head_init(&hdev->rx_q);
  skb_queue_head_init(&hdev->cmd_q);
  init_waitqueue_head(&hdev->req_wait_q);
  hci_cmd_sync_init(hdev);

  hdev->workqueue = alloc_ordered_workqueue("hci0-rx", WQ_HIGHPRI);
  hdev->req_workqueue = alloc_ordered_workqueue("hci0-cmd_sync", WQ_HIGHPRI);
  return hdev;
}

void hci_free_dev(hci_dev* hdev) {
  destroy_workqueue(hdev->workqueue);
  destroy_workqueue(hdev->req_workqueue);
  hci_conn_params_clear_all(hdev);
  kfree_skb(hdev->sent_cmd);
  kfree_skb(hdev->req_skb);
  kfree(hdev);
}

void hci_unregister_dev(hci_dev* hdev) {
  mutex_lock(&hdev->unregister_lock);
  set_bit(HCI_UNREGISTER, &hdev->dev_flags);
  mutex_unlock(&hdev->unregister_lock);

  cancel_work_sync(&hdev->rx_work);
  cancel_work_sync(&hdev->cmd_work);
  cancel_work_sync(&hdev->tx_work);

  hci_cmd_sync_clear(hdev);
  hci_dev_do_close(hdev);
}

// ---- Commands

sk_buff* hci_cmd_sync_alloc(hci_dev* hdev, u16 opcode, u32 plen, const void* param) {
  (void)hdev;
  sk_buff* skb = alloc_skb(plen, GFP_ATOMIC);
  if (skb == nullptr) return nullptr;

  skb_put_data(skb, param, plen);
  *bt_cb(skb) = {.pkt_type = HCI_COMMAND_PKT,
                 .is_request = false,
                 .req_event = 0,
                 .opcode = opcode,
                 .handle = 0};
  return skb;
}

void hci_queue_cmd(hci_dev* hdev, sk_buff* skb, const char* caller) {
  skb_queue_tail(&hdev->cmd_q, skb);
  ghost_command_queued(hdev, skb, caller);
  queue_work(hdev->workqueue, &hdev->cmd_work);
}

int hci_send_cmd(hci_dev* hdev, u16 opcode, u32 plen, const void* param, const char* caller) {
  sk_buff* skb = hci_cmd_sync_alloc(hdev, opcode, plen, param);
  if (skb == nullptr) return -ENOMEM;

  hci_queue_cmd(hdev, skb, caller);
  return 0;
}

// Gives one packet to the driver; takes `skb`.
static int hci_send_frame(hci_dev* hdev, sk_buff* skb) {
  if (!test_bit(HCI_RUNNING, &hdev->flags)) {
    kfree_skb(skb);
    return -EINVAL;
  }
  controller_receive(hdev->hardware, skb);
  return 0;
}

// Sends a command and remembers it. The first one sent while a synchronous request is pending is
// taken to be that request's.
static void hci_send_cmd_sync(hci_dev* hdev, sk_buff* skb) {
  kfree_skb(hdev->sent_cmd);
  hdev->sent_cmd = skb_clone(skb, GFP_KERNEL);
  if (hdev->sent_cmd == nullptr) {
    skb_queue_head(&hdev->cmd_q, skb);
    queue_work(hdev->workqueue, &hdev->cmd_work);
    return;
  }

  const int err = hci_send_frame(hdev, skb);
  if (err < 0) {
    hci_cmd_sync_cancel_sync(hdev, -err);
    return;
  }
  --hdev->cmd_cnt;

  if (READ_ONCE(hdev->req_status) == HCI_REQ_PEND &&
      !test_and_set_bit(HCI_CMD_PENDING, &hdev->dev_flags)) {
    kfree_skb(hdev->req_skb);
    hdev->req_skb = skb_clone(hdev->sent_cmd, GFP_KERNEL);
  }
}

static void hci_cmd_work(work_struct* work) {
  hci_dev* hdev = container_of(work, hci_dev, cmd_work);
  if (hdev->cmd_cnt == 0) return;

  sk_buff* skb = skb_dequeue(&hdev->cmd_q);
  if (skb == nullptr) return;
  hci_send_cmd_sync(hdev, skb);
}

static void* hci_cmd_data(sk_buff* skb, u16 opcode) {
  if (skb == nullptr || bt_cb(skb)->opcode != opcode) return nullptr;
  return skb->data;
}

void* hci_sent_cmd_data(hci_dev* hdev, u16 opcode) {
  if (void* data = hci_cmd_data(hdev->sent_cmd, opcode)) return data;
  return hci_cmd_data(hdev->req_skb, opcode);
}

// ---- Frames

int hci_recv_frame(hci_dev* hdev, sk_buff* skb) {
  if (!test_bit(HCI_UP, &hdev->flags)) {
    kfree_skb(skb);
    return -ENXIO;
  }
  skb_queue_tail(&hdev->rx_q, skb);
  queue_work(hdev->workqueue, &hdev->rx_work);
  return 0;
}

static void hci_rx_work(work_struct* work) {
  hci_dev* hdev = container_of(work, hci_dev, rx_work);
  while (sk_buff* skb = skb_dequeue(&hdev->rx_q)) {
    switch (bt_cb(skb)->pkt_type) {
      case HCI_EVENT_PKT:
        hci_event_packet(hdev, skb);
        break;
      case HCI_ACLDATA_PKT:
        l2cap_recv_acldata(hdev, bt_cb(skb)->handle, skb);
        break;
      default:
        kfree_skb(skb);
        break;
    }
  }
}

void hci_send_acl(hci_chan* chan, sk_buff* skb) {
  hci_conn* conn = chan->conn;
  bt_cb(skb)->pkt_type = HCI_ACLDATA_PKT;
  bt_cb(skb)->handle = conn->handle;
  skb_queue_tail(&chan->data_q, skb);
  queue_work(conn->hdev->workqueue, &conn->hdev->tx_work);
}

static void hci_tx_work(work_struct* work) {
  hci_dev* hdev = container_of(work, hci_dev, tx_work);
  hci_conn* conn = nullptr;
  hci_chan* chan = nullptr;

  rcu_read_lock();
  list_for_each_entry_rcu(conn, &hdev->conn_hash.list, list) {
    list_for_each_entry_rcu(chan, &conn->chan_list, list) {
      while (!skb_queue_empty(&chan->data_q)) {
        sk_buff* skb = skb_dequeue(&chan->data_q);
        if (skb != nullptr) hci_send_frame(hdev, skb);
      }
    }
  }
  rcu_read_unlock();
}

// ---- Stored parameters

hci_conn_params* hci_conn_params_lookup(hci_dev* hdev, const bdaddr_t* addr, u8 addr_type) {
  hci_conn_params* params = nullptr;
  list_for_each_entry(params, &hdev->le_conn_params, list) {
    if (bacmp(&params->addr, addr) == 0 && params->addr_type == addr_type) return params;
  }
  return nullptr;
}

hci_conn_params* hci_conn_params_add(hci_dev* hdev, const bdaddr_t* addr, u8 addr_type) {
  hci_conn_params* params = hci_conn_params_lookup(hdev, addr, addr_type);
  if (params != nullptr) return params;

  params = kzalloc_obj<hci_conn_params>(GFP_KERNEL);
  if (params == nullptr) return nullptr;

  bacpy(&params->addr, addr);
  params->addr_type = addr_type;
  params->conn_min_interval = 24;
  params->conn_max_interval = 40;
  params->supervision_timeout = 42;
  list_add(&params->list, &hdev->le_conn_params);
  return params;
}

void hci_conn_params_store(hci_dev* hdev, hci_conn_params* params, const update_values& values,
                           const char* caller) {
  params->conn_min_interval = values.min;
  params->conn_max_interval = values.max;
  params->conn_latency = values.latency;
  params->supervision_timeout = values.to_multiplier;
  ghost_params_stored(hdev, *params, caller);
}

void hci_conn_params_clear_all(hci_dev* hdev) {
  hci_conn_params* params = nullptr;
  hci_conn_params* tmp = nullptr;
  list_for_each_entry_safe(params, tmp, &hdev->le_conn_params, list) {
    list_del(&params->list);
    kfree(params);
  }
}

}  // namespace models::bluetooth
