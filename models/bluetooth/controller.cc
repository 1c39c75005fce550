// SPDX-License-Identifier: GPL-2.0-only
//
// Stands for the driver and the hardware: no port.

#include "models/bluetooth/controller.h"

#include "heddle/base/check.h"
#include "models/bluetooth/ghost.h"
#include "models/bluetooth/hci_event.h"
#include "models/bluetooth/packets.h"
#include "models/kernel/choice.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::alloc_ordered_workqueue;
using kernel::environment_choice;
using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kzalloc_obj;

template <class T>
static T choose(const alternatives<T>& among, const char* site) {
  return among.count == 1 ? among.values[0] : among.values[environment_choice(among.count, site)];
}

// ---- Links

void controller_connected(controller* hardware, u16 handle) {
  HEDDLE_CHECK(hardware->handle_count < controller::kHandles)
      << "more links at once than the hardware has room for";
  hardware->handles[hardware->handle_count++] = handle;
}

static void disconnected(controller* hardware, u16 handle) {
  for (int i = 0; i < hardware->handle_count; ++i) {
    if (hardware->handles[i] != handle) continue;
    hardware->handles[i] = hardware->handles[--hardware->handle_count];
    return;
  }
}

static bool has_link(const controller* hardware, u16 handle) {
  for (int i = 0; i < hardware->handle_count; ++i) {
    if (hardware->handles[i] == handle) return true;
  }
  return false;
}

void controller_sends(controller* hardware, const sk_buff* skb) {
  if (reinterpret_cast<const bt_skb_cb*>(skb->cb)->pkt_type != HCI_EVENT_PKT) return;
  const auto* hdr = reinterpret_cast<const hci_event_hdr*>(skb->data);
  const void* body = skb->data + kEventBodyOffset;
  if (hdr->evt == HCI_EV_DISCONN_COMPLETE) {
    disconnected(hardware, static_cast<const hci_ev_disconn_complete*>(body)->handle);
  } else if (hdr->evt == HCI_EV_LE_META && hdr->subevent == HCI_EV_LE_CONN_COMPLETE) {
    const auto* ev = static_cast<const hci_ev_le_conn_complete*>(body);
    if (ev->status == 0) controller_connected(hardware, ev->handle);
  }
}

// ---- Commands

static void send(controller* hardware, sk_buff* skb) {
  controller_sends(hardware, skb);
  hci_recv_frame(hardware->hdev, skb);
}

static void send_status(controller* hardware, u16 opcode, u8 status) {
  send(hardware, cmd_status_event({.status = status, .ncmd = 1, .opcode = opcode}));
}

static void answer_update(controller* hardware, const hci_cp_le_conn_update& cp) {
  const controller_rules& rules = hardware->rules;
  const u8 command_status = has_link(hardware, cp.handle) ? choose(rules.update_command_status,
                                                                   "status of the update command")
                                                          : HCI_ERROR_UNKNOWN_CONN_ID;
  send_status(hardware, HCI_OP_LE_CONN_UPDATE, command_status);
  if (command_status != 0 || !rules.completes_updates) return;

  const u8 status = choose(rules.update_status, "status of the update");
  const u16 handle = choose(rules.update_handle, "handle in the update event");
  send(hardware, update_complete_event({.status = status,
                                        .handle = handle != 0 ? handle : cp.handle,
                                        .interval = cp.conn_interval_max,
                                        .latency = cp.conn_latency,
                                        .supervision_timeout = cp.supervision_timeout}));
}

static void answer_disconnect(controller* hardware, const hci_cp_disconnect& cp) {
  const u8 status = has_link(hardware, cp.handle) ? 0 : HCI_ERROR_UNKNOWN_CONN_ID;
  send_status(hardware, HCI_OP_DISCONNECT, status);
  if (status != 0 || !hardware->rules.completes_disconnects) return;
  send(hardware, disconn_complete_event(
                     {.status = 0, .handle = cp.handle, .reason = HCI_ERROR_LOCAL_HOST_TERM}));
}

static void answer(controller* hardware, sk_buff* skb) {
  switch (bt_cb(skb)->opcode) {
    case HCI_OP_LE_CONN_UPDATE:
      answer_update(hardware, *reinterpret_cast<const hci_cp_le_conn_update*>(skb->data));
      break;
    case HCI_OP_DISCONNECT:
      answer_disconnect(hardware, *reinterpret_cast<const hci_cp_disconnect*>(skb->data));
      break;
    default:
      send_status(hardware, bt_cb(skb)->opcode, 0);
      break;
  }
  kfree_skb(skb);
}

static void controller_work(work_struct* work) {
  controller* hardware = container_of(work, controller, work);
  while (sk_buff* skb = skb_dequeue(&hardware->inbox)) answer(hardware, skb);
}

controller* controller_alloc(hci_dev* hdev) {
  controller* hardware = kzalloc_obj<controller>(GFP_KERNEL);
  if (hardware == nullptr) return nullptr;
  hardware->hdev = hdev;
  hardware->rules = {};
  INIT_WORK(&hardware->work, controller_work);
  skb_queue_head_init(&hardware->inbox);
  hardware->workqueue = alloc_ordered_workqueue("hci0-controller");
  return hardware;
}

void controller_free(controller* hardware) {
  destroy_workqueue(hardware->workqueue);
  skb_queue_purge(&hardware->inbox);
  kfree(hardware);
}

void controller_receive(controller* hardware, sk_buff* skb) {
  if (bt_cb(skb)->pkt_type == HCI_ACLDATA_PKT) {
    ghost_frame_sent(hardware->hdev, skb);
    kfree_skb(skb);
    return;
  }
  ghost_command_sent(hardware->hdev, skb);
  skb_queue_tail(&hardware->inbox, skb);
  queue_work(hardware->workqueue, &hardware->work);
}

}  // namespace models::bluetooth
