// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_event.c.
//
// Kept:    hdev->lock taken and dropped before each event, the matching of events with the
//          synchronous request under way (by the code of the event alone, completed with status 0),
//          the moment at which its waiter is woken: after the handler.
// Dropped: all other events; what disconnecting does to stored parameters and advertising.
// Changed: Command Complete and Command Status end a synchronous request only if they name its
//          opcode.

#include "models/bluetooth/hci_event.h"

#include "models/bluetooth/ghost.h"
#include "models/bluetooth/hci_conn.h"
#include "models/bluetooth/hci_le_update.h"
#include "models/bluetooth/hci_sync.h"

namespace models::bluetooth {

// Whether the event ends the synchronous request under way, and with what.
struct request_end {
  bool is_over = false;
  u8 status = 0;
};

// The last command sent, or the request's, is over. Only that of a request has somebody waiting.
static void hci_req_cmd_complete(hci_dev* hdev, u16 opcode, u8 status, request_end* end) {
  if (hci_sent_cmd_data(hdev, opcode) == nullptr) return;
  clear_bit(HCI_CMD_PENDING, &hdev->dev_flags);

  sk_buff* skb = hdev->req_skb;
  if (skb == nullptr || !bt_cb(skb)->is_request || bt_cb(skb)->opcode != opcode) return;
  *end = {.is_over = true, .status = status};
}

// ---- Commands

static void handle_cmd_cnt(hci_dev* hdev, u8 ncmd) {
  if (ncmd == 0) return;
  hdev->cmd_cnt = 1;
  if (!skb_queue_empty(&hdev->cmd_q)) queue_work(hdev->workqueue, &hdev->cmd_work);
}

static void hci_cmd_complete_evt(hci_dev* hdev, const hci_ev_cmd_complete& ev, request_end* end) {
  hci_req_cmd_complete(hdev, ev.opcode, ev.status, end);
  handle_cmd_cnt(hdev, ev.ncmd);
}

// The controller will not update the link. Only a version that remembers what it asked for cares.
static void hci_cs_le_conn_update(hci_dev* hdev, u8 status) {
  if (status == 0) return;
  auto* cp = static_cast<hci_cp_le_conn_update*>(hci_sent_cmd_data(hdev, HCI_OP_LE_CONN_UPDATE));
  if (cp == nullptr) return;

  hci_dev_lock(hdev);
  if (hci_conn* conn = hci_conn_hash_lookup_handle(hdev, cp->handle)) {
    hci_le_conn_update_refused(conn, {.min = cp->conn_interval_min,
                                      .max = cp->conn_interval_max,
                                      .latency = cp->conn_latency,
                                      .to_multiplier = cp->supervision_timeout});
  }
  hci_dev_unlock(hdev);
}

static void hci_cmd_status_evt(hci_dev* hdev, const hci_ev_cmd_status& ev, request_end* end) {
  if (ev.opcode == HCI_OP_LE_CONN_UPDATE && hdev->options.store == update_store::ON_CONFIRMATION) {
    hci_cs_le_conn_update(hdev, ev.status);
  }
  // A request that waits for an event goes on waiting if its command was taken.
  const bool waits_for_event = hdev->req_skb == nullptr || bt_cb(hdev->req_skb)->req_event != 0;
  if (ev.status != 0 || !waits_for_event) hci_req_cmd_complete(hdev, ev.opcode, ev.status, end);
  handle_cmd_cnt(hdev, ev.ncmd);
}

// ---- Links

static void hci_disconn_complete_evt(hci_dev* hdev, const hci_ev_disconn_complete& ev) {
  hci_dev_lock(hdev);
  hci_conn* conn = hci_conn_hash_lookup_handle(hdev, ev.handle);
  if (conn != nullptr && ev.status == 0) {
    conn->state = BT_CLOSED;
    hci_disconn_cfm(conn, ev.reason);
    hci_conn_del(conn);
  }
  hci_dev_unlock(hdev);
}

static void hci_le_conn_complete_evt(hci_dev* hdev, const hci_ev_le_conn_complete& ev) {
  hci_dev_lock(hdev);
  hci_conn* conn = hci_conn_hash_lookup_le(hdev, &ev.bdaddr, ev.bdaddr_type);
  // The controller connected by itself, from its accept list: there was no object, and there is no
  // timeout.
  if (conn == nullptr && ev.status == 0) {
    conn = hci_conn_add_unset(hdev, ev.link_type, &ev.bdaddr, ev.bdaddr_type);
  }
  if (conn == nullptr) {
    hci_dev_unlock(hdev);
    return;
  }
  if (ev.status != 0) {
    hci_conn_failed(conn, ev.status);
    hci_dev_unlock(hdev);
    return;
  }

  conn->role = ev.role;
  conn->handle = ev.handle;
  conn->le_conn_interval = ev.interval;
  conn->le_conn_latency = ev.latency;
  conn->le_supv_timeout = ev.supervision_timeout;
  conn->state = BT_CONNECTED;
  ghost_link_connected(conn);
  hci_connect_cfm(conn, ev.status);
  hci_dev_unlock(hdev);
}

static void hci_le_conn_update_complete_evt(hci_dev* hdev,
                                            const hci_ev_le_conn_update_complete& ev) {
  const bool cares_for_failure = hdev->options.store == update_store::ON_CONFIRMATION;
  if (ev.status != 0 && !cares_for_failure) return;

  hci_dev_lock(hdev);
  hci_conn* conn = hci_conn_hash_lookup_handle(hdev, ev.handle);
  if (conn != nullptr && ev.status != 0) {
    hci_le_conn_update_failed(conn);
  } else if (conn != nullptr) {
    ghost_update_completed(conn, ev);
    conn->le_conn_interval = ev.interval;
    conn->le_conn_latency = ev.latency;
    conn->le_supv_timeout = ev.supervision_timeout;
    hci_le_conn_updated(conn, ev);
  }
  hci_dev_unlock(hdev);
}

// ---- Dispatch

template <class Event>
static const Event& body(const sk_buff* skb) {
  return *reinterpret_cast<const Event*>(skb->data + kEventBodyOffset);
}

static void hci_le_meta_evt(hci_dev* hdev, u8 subevent, const sk_buff* skb, request_end* end) {
  // Looks neither at the status in the event nor at its handle; see R11.
  if (hdev->req_skb != nullptr && hci_opcode_ogf(bt_cb(hdev->req_skb)->opcode) == 0x08 &&
      bt_cb(hdev->req_skb)->req_event == subevent) {
    hci_req_cmd_complete(hdev, bt_cb(hdev->req_skb)->opcode, 0x00, end);
    if (subevent == HCI_EV_LE_CONN_UPDATE_COMPLETE) {
      ghost_wait_ended(hdev, body<hci_ev_le_conn_update_complete>(skb));
    }
  }
  switch (subevent) {
    case HCI_EV_LE_CONN_COMPLETE:
      hci_le_conn_complete_evt(hdev, body<hci_ev_le_conn_complete>(skb));
      break;
    case HCI_EV_LE_CONN_UPDATE_COMPLETE:
      hci_le_conn_update_complete_evt(hdev, body<hci_ev_le_conn_update_complete>(skb));
      break;
    default:
      break;
  }
}

void hci_event_packet(hci_dev* hdev, sk_buff* skb) {
  const hci_event_hdr hdr = *reinterpret_cast<const hci_event_hdr*>(skb->data);
  request_end end;

  hci_dev_lock(hdev);
  hci_dev_unlock(hdev);

  if (hdev->req_skb != nullptr && hci_opcode_ogf(bt_cb(hdev->req_skb)->opcode) != 0x08 &&
      bt_cb(hdev->req_skb)->req_event == hdr.evt) {
    hci_req_cmd_complete(hdev, bt_cb(hdev->req_skb)->opcode, 0x00, &end);
  }
  switch (hdr.evt) {
    case HCI_EV_DISCONN_COMPLETE:
      hci_disconn_complete_evt(hdev, body<hci_ev_disconn_complete>(skb));
      break;
    case HCI_EV_CMD_COMPLETE:
      hci_cmd_complete_evt(hdev, body<hci_ev_cmd_complete>(skb), &end);
      break;
    case HCI_EV_CMD_STATUS:
      hci_cmd_status_evt(hdev, body<hci_ev_cmd_status>(skb), &end);
      break;
    case HCI_EV_LE_META:
      hci_le_meta_evt(hdev, hdr.subevent, skb, &end);
      break;
    default:
      break;
  }

  if (end.is_over) hci_cmd_sync_complete(hdev, end.status);
  kfree_skb(skb);
}

}  // namespace models::bluetooth
