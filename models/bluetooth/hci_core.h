// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_core.c: the controller, its queues, and what goes in and out of them.
//
// A controller has two ordered queues. hdev->workqueue ("kworker/hci0-rx") runs rx_work, tx_work
// and cmd_work, and the upper layers' pending_rx_work, id_addr_timer and disc_work, so none of
// these ever overlap. hdev->req_workqueue ("kworker/hci0-cmd_sync") runs cmd_sync_work.
//
// Locks, outer to inner (PORT.md has the whole diagram):
//   req_lock > hdev->lock > hci_cb_list_lock > conn->lock > chan->lock
//   hdev->lock > unregister_lock > cmd_sync_work_lock

#pragma once

#include "models/bluetooth/bluetooth.h"
#include "models/bluetooth/update_options.h"
#include "models/kernel/bitops.h"
#include "models/kernel/list.h"
#include "models/kernel/mutex.h"
#include "models/kernel/skbuff.h"
#include "models/kernel/wait.h"
#include "models/kernel/workqueue.h"

namespace models::bluetooth {

using kernel::list_head;
using kernel::mutex;
using kernel::sk_buff;
using kernel::sk_buff_head;
using kernel::wait_queue_head_t;
using kernel::work_struct;
using kernel::workqueue_struct;

struct controller;
struct ghost_log;
struct hci_chan;
struct hci_conn;

// The four values that a peripheral asks for: intervals in 1.25 ms, latency in events, timeout in
// 10 ms.
struct update_values {
  u16 min;
  u16 max;
  u16 latency;
  u16 to_multiplier;
};

static inline bool equal(const update_values& a, const update_values& b) {
  return a.min == b.min && a.max == b.max && a.latency == b.latency &&
         a.to_multiplier == b.to_multiplier;
}

struct hci_conn_hash {
  list_head list;
};

// What a peer is to be connected with, per identity address. List and fields: hdev->lock.
struct hci_conn_params {
  list_head list;
  bdaddr_t addr;
  u8 addr_type;
  u16 conn_min_interval;
  u16 conn_max_interval;
  u16 conn_latency;
  u16 supervision_timeout;
};

// State of the one synchronous request that may be under way.
inline constexpr u32 HCI_REQ_DONE = 0;
inline constexpr u32 HCI_REQ_PEND = 1;
inline constexpr u32 HCI_REQ_CANCELED = 2;

struct hci_dev {
  mutex lock;  // conn_hash, le_conn_params, most of hci_conn.

  unsigned long flags;      // HCI_UP, HCI_RUNNING: bit operations only.
  unsigned long dev_flags;  // HCI_UNREGISTER, HCI_CMD_PENDING: bit operations only.

  workqueue_struct* workqueue;
  workqueue_struct* req_workqueue;

  work_struct rx_work;
  work_struct cmd_work;
  work_struct tx_work;

  sk_buff_head rx_q;   // From the driver.
  sk_buff_head cmd_q;  // To the driver.
  int cmd_cnt;         // Commands that the controller has room for; hdev->workqueue only.
  sk_buff* sent_cmd;   // The last command given to the driver; written by cmd_work only.

  // The synchronous request under way: req_lock, but for the event handler that ends it.
  mutex req_lock;
  wait_queue_head_t req_wait_q;
  u32 req_status;
  int req_result;
  sk_buff* req_skb;  // Clone of its command, for the event handlers; hdev->workqueue only.

  work_struct cmd_sync_work;
  list_head cmd_sync_work_list;
  mutex cmd_sync_work_lock;
  mutex unregister_lock;

  hci_conn_hash conn_hash;
  list_head le_conn_params;
  u16 unset_handle_next;

  // Model: which version of the code this is, the hardware behind it, and the record for the
  // invariants.
  update_options options;
  controller* hardware;
  ghost_log* ghost;
};

// What a packet carries beside its bytes. (In the kernel, packets have headers, and commands have
// this too.)
struct bt_skb_cb {
  u8 pkt_type;
  bool is_request;  // A synchronous command. (HCI_REQ_SKB)
  u8 req_event;     // Of a synchronous command: the event that ends it; 0 for its own status.
  u16 opcode;       // Of a command.
  u16 handle;       // Of a frame.
};
static inline bt_skb_cb* bt_cb(sk_buff* skb) {
  return reinterpret_cast<bt_skb_cb*>(skb->cb);
}

// Walks connect and disconnect callbacks.
extern mutex hci_cb_list_lock;

#define hci_dev_lock(d) mutex_lock(&(d)->lock)
#define hci_dev_unlock(d) mutex_unlock(&(d)->lock)
#define hci_req_sync_lock(d) mutex_lock(&(d)->req_lock)
#define hci_req_sync_unlock(d) mutex_unlock(&(d)->req_lock)

// Returns a controller that is down, or null.
hci_dev* hci_alloc_dev(const update_options& options);
// REQUIRES: the controller is down, nothing of it is queued or runs.
void hci_free_dev(hci_dev* hdev);

// Takes the controller out of the system: forbids further entries of the cmd_sync queue, cancels
// what is queued there, closes the device. Takes req_lock and hdev->lock.
void hci_unregister_dev(hci_dev* hdev);

// ---- Commands

// Returns a buffer with one command in it, or null.
sk_buff* hci_cmd_sync_alloc(hci_dev* hdev, u16 opcode, u32 plen, const void* param);

// Queues a command and returns at once; -ENOMEM if there is no memory for it. With or without
// hdev->lock. `caller` stands in the record for the invariants.
int hci_send_cmd(hci_dev* hdev, u16 opcode, u32 plen, const void* param,
                 const char* caller = __builtin_FUNCTION());

// Queues a command that was allocated before; cannot fail.
void hci_queue_cmd(hci_dev* hdev, sk_buff* skb, const char* caller = __builtin_FUNCTION());

// Returns the parameters of the last command sent if it was `opcode`, else those of the synchronous
// request under way if it is, else null. Takes no lock: stable on hdev->workqueue only.
void* hci_sent_cmd_data(hci_dev* hdev, u16 opcode);

// ---- Frames

// The driver received a packet; takes `skb`. -ENXIO if the controller is down.
int hci_recv_frame(hci_dev* hdev, sk_buff* skb);

// Queues a frame of the upper layer for the link; takes `skb`.
void hci_send_acl(hci_chan* chan, sk_buff* skb);

// ---- Stored parameters. REQUIRES: hdev->lock, for all three.

hci_conn_params* hci_conn_params_lookup(hci_dev* hdev, const bdaddr_t* addr, u8 addr_type);
// Returns the entry of the address, a new one if there is none, or null.
hci_conn_params* hci_conn_params_add(hci_dev* hdev, const bdaddr_t* addr, u8 addr_type);
// `caller` stands in the record for the invariants.
void hci_conn_params_store(hci_dev* hdev, hci_conn_params* params, const update_values& values,
                           const char* caller = __builtin_FUNCTION());
void hci_conn_params_clear_all(hci_dev* hdev);

}  // namespace models::bluetooth
