// SPDX-License-Identifier: GPL-2.0-only
//
// Port of the signalling channel in net/bluetooth/l2cap_core.c.
//
// Kept:    the order of test, allocation, answer and update in each version, and which results are
//          ignored.
// Dropped: all other signalling commands, several commands in one frame.
// Changed: the reference has a request handler of its own, for it answers in the middle of
//          queueing.

#include "models/bluetooth/l2cap_sig.h"

#include "models/bluetooth/conn_param_range.h"
#include "models/bluetooth/ghost.h"
#include "models/bluetooth/hci_le_update.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/mgmt.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::alloc_skb;
using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kmalloc_obj;

// ---- Answers

static void l2cap_fill_cmd(const l2cap_conn* conn, sk_buff* skb, u8 code, u8 ident, u16 dlen,
                           const void* data) {
  const l2cap_hdr lh = {
      .len = static_cast<u16>(sizeof(l2cap_cmd_hdr) + dlen),
      .cid = conn->hcon->type == LE_LINK ? L2CAP_CID_LE_SIGNALING : L2CAP_CID_SIGNALING};
  const l2cap_cmd_hdr cmd = {.code = code, .ident = ident, .len = dlen};
  skb_put_data(skb, &lh, sizeof(lh));
  skb_put_data(skb, &cmd, sizeof(cmd));
  skb_put_data(skb, data, dlen);
}

sk_buff* l2cap_build_cmd(l2cap_conn* conn, u8 code, u8 ident, u16 dlen, const void* data) {
  sk_buff* skb = alloc_skb(sizeof(l2cap_hdr) + sizeof(l2cap_cmd_hdr) + dlen, GFP_KERNEL);
  if (skb == nullptr) return nullptr;
  l2cap_fill_cmd(conn, skb, code, ident, dlen, data);
  return skb;
}

void l2cap_send_cmd(l2cap_conn* conn, u8 ident, u8 code, u16 len, const void* data) {
  sk_buff* skb = l2cap_build_cmd(conn, code, ident, len, data);
  if (skb == nullptr) return;
  hci_send_acl(conn->hchan, skb);
}

static void l2cap_sig_send_rej(l2cap_conn* conn, u8 ident) {
  const l2cap_cmd_rej_unk rej = {.reason = L2CAP_REJ_NOT_UNDERSTOOD};
  l2cap_send_cmd(conn, ident, L2CAP_COMMAND_REJ, sizeof(rej), &rej);
}

// ---- Parameter update: v1 and v2 (L2CAP_QUEUE)

static int l2cap_conn_param_update_sync(hci_dev* hdev, void* data) {
  const auto* d = static_cast<const conn_param_update_data*>(data);
  const update_values values = {d->min, d->max, d->latency, d->to_multiplier};
  u8 store_hint = 0x00;

  hci_dev_lock(hdev);

  if (hdev->options.recheck == update_recheck::HANDLE_AND_DST) {
    hci_conn* conn = hci_conn_hash_lookup_handle(hdev, d->handle);
    if (conn == nullptr || bacmp(&conn->dst, &d->dst) != 0) {
      ghost_request_dropped(hdev, values, conn == nullptr ? "hci_conn" : "hcon->dst");
      hci_dev_unlock(hdev);
      return 0;
    }
    ghost_link_checked(hdev, values, conn);
  }

  hci_conn_params* params = hci_conn_params_lookup(hdev, &d->dst, d->dst_type);
  if (params != nullptr) {
    hci_conn_params_store(hdev, params, values);
    store_hint = 0x01;
  }

  hci_dev_unlock(hdev);

  const hci_cp_le_conn_update cp = hci_le_conn_update_cp(d->handle, values);
  const int err = hci_send_cmd(hdev, HCI_OP_LE_CONN_UPDATE, sizeof(cp), &cp);
  if (err < 0) ghost_request_dropped(hdev, values, "sk_buff", "hci_send_cmd");

  mgmt_new_conn_param(hdev, &d->dst, d->dst_type, store_hint, values);
  return 0;
}

static void l2cap_conn_param_update_destroy(hci_dev* hdev, void* data, int err) {
  (void)err;
  if (hdev->options.destroy_takes_hdev_lock) {
    hci_dev_lock(hdev);
    hci_dev_unlock(hdev);
  }
  kfree(data);
  ghost_data_freed(hdev);
}

static conn_param_update_data* conn_param_update_data_alloc(hci_dev* hdev) {
  auto* d = kmalloc_obj<conn_param_update_data>(GFP_KERNEL);
  ghost_data_allocated(hdev, d);
  return d;
}

// Queues the callback; takes `d`.
static void l2cap_conn_param_update_queue(hci_conn* hcon, conn_param_update_data* d,
                                          const update_values& values) {
  hci_dev* hdev = hcon->hdev;
  d->handle = hcon->handle;
  bacpy(&d->dst, &hcon->dst);
  d->dst_type = hcon->dst_type;
  d->min = values.min;
  d->max = values.max;
  d->latency = values.latency;
  d->to_multiplier = values.to_multiplier;

  const int err =
      hci_cmd_sync_queue(hdev, l2cap_conn_param_update_sync, d, l2cap_conn_param_update_destroy);
  if (err < 0) {
    ghost_request_dropped(hdev, values, ghost_cause_of(err), "l2cap_conn_param_update_req");
    kfree(d);
    ghost_data_freed(hdev);
  }
}

// ---- Parameter update: the request

static int check_request(const update_options& options, const update_values& values) {
  const auto& [min, max, latency, to_multiplier] = values;
  return options.checks_range_exactly
             ? hci_check_conn_params_exactly(min, max, latency, to_multiplier)
             : hci_check_conn_params(min, max, latency, to_multiplier);
}

static int l2cap_conn_param_update_req(l2cap_conn* conn, const l2cap_cmd_hdr* cmd, u16 cmd_len,
                                       const u8* data) {
  hci_conn* hcon = conn->hcon;
  hci_dev* hdev = hcon->hdev;
  const update_options& options = hdev->options;
  conn_param_update_data* d = nullptr;

  if (hcon->role != HCI_ROLE_MASTER) return -EINVAL;
  if (cmd_len != sizeof(l2cap_conn_param_update_req_pdu)) return -EPROTO;

  const auto* req = reinterpret_cast<const l2cap_conn_param_update_req_pdu*>(data);
  const update_values values = {req->min, req->max, req->latency, req->to_multiplier};
  ghost_request_received(hcon, cmd->ident, values);

  l2cap_conn_param_update_rsp rsp = {};
  int err = check_request(options, values);
  rsp.result = err != 0 ? L2CAP_CONN_PARAM_REJECTED : L2CAP_CONN_PARAM_ACCEPTED;

  if (err == 0 && options.prepare == update_prepare::DATA) {
    d = conn_param_update_data_alloc(hdev);
    if (d == nullptr) {
      rsp.result = L2CAP_CONN_PARAM_REJECTED;
      err = -ENOMEM;
    }
  }

  l2cap_send_cmd(conn, cmd->ident, L2CAP_CONN_PARAM_UPDATE_RSP, sizeof(rsp), &rsp);
  if (err != 0) return 0;

  if (options.path == update_path::L2CAP_QUEUE) {
    if (d == nullptr) d = conn_param_update_data_alloc(hdev);  // v1
    if (d == nullptr) {
      ghost_request_dropped(hdev, values, "conn_param_update_data");
      return 0;
    }
    l2cap_conn_param_update_queue(hcon, d, values);
    return 0;
  }

  const u8 store_hint = hci_le_conn_update(hcon, values);
  if (options.path == update_path::INLINE) {
    mgmt_new_conn_param(hdev, &hcon->dst, hcon->dst_type, store_hint, values);
  }
  return 0;
}

// ---- Parameter update: the request, as the reference handles it

// What the answer needs at the moment at which the update is queued.
struct prepared_answer {
  l2cap_conn* conn;
  sk_buff* skb;
};

// Returns a buffer for the answer: a new one, or the request's own, which is longer than any
// answer.
static sk_buff* l2cap_prepare_answer(sk_buff* request) {
  constexpr unsigned int size =
      sizeof(l2cap_hdr) + sizeof(l2cap_cmd_hdr) + sizeof(l2cap_conn_param_update_rsp);
  sk_buff* skb = alloc_skb(size, GFP_KERNEL);
  if (skb != nullptr) return skb;
  skb = skb_get(request);
  skb->data = skb->head;
  skb->len = 0;
  return skb;
}

static void l2cap_answer(const prepared_answer& answer, u8 ident, u16 result) {
  const l2cap_conn_param_update_rsp rsp = {.result = result};
  l2cap_fill_cmd(answer.conn, answer.skb, L2CAP_CONN_PARAM_UPDATE_RSP, ident, sizeof(rsp), &rsp);
}

static void l2cap_send_answer(void* context) {
  auto* answer = static_cast<prepared_answer*>(context);
  hci_send_acl(answer->conn->hchan, answer->skb);
}

static int l2cap_conn_param_update_req_prepared(l2cap_conn* conn, const l2cap_cmd_hdr& cmd,
                                                const u8* data, sk_buff* skb) {
  hci_conn* hcon = conn->hcon;
  if (hcon->role != HCI_ROLE_MASTER) return -EINVAL;
  if (cmd.len != sizeof(l2cap_conn_param_update_req_pdu)) return -EPROTO;

  const auto* req = reinterpret_cast<const l2cap_conn_param_update_req_pdu*>(data);
  const update_values values = {req->min, req->max, req->latency, req->to_multiplier};
  ghost_request_received(hcon, cmd.ident, values);

  int err = check_request(hcon->hdev->options, values);
  le_conn_update_data* d = err == 0 ? hci_le_conn_update_prepare(hcon, values) : nullptr;
  if (err == 0 && d == nullptr) err = -ENOMEM;

  // From here on the request is not looked at any more: its buffer may be that of the answer.
  prepared_answer accepted = {.conn = conn, .skb = l2cap_prepare_answer(skb)};
  l2cap_answer(accepted, cmd.ident,
               err == 0 ? L2CAP_CONN_PARAM_ACCEPTED : L2CAP_CONN_PARAM_REJECTED);
  if (err == 0) {
    err = hci_le_conn_update_submit(d, l2cap_send_answer, &accepted);
    if (err == 0) return 0;
    hci_le_conn_update_abandon(d);
    accepted.skb->data = accepted.skb->head;
    accepted.skb->len = 0;
    l2cap_answer(accepted, cmd.ident, L2CAP_CONN_PARAM_REJECTED);
  }
  l2cap_send_answer(&accepted);
  return 0;
}

// ---- Other requests

static int l2cap_disconnect_req(l2cap_conn* conn, const l2cap_cmd_hdr* cmd, u16 cmd_len,
                                const u8* data) {
  if (cmd_len != sizeof(l2cap_disconn_req)) return -EPROTO;
  const auto* req = reinterpret_cast<const l2cap_disconn_req*>(data);

  l2cap_chan* chan = __l2cap_get_chan_by_scid(conn, req->dcid);
  if (chan == nullptr) return -EINVAL;
  l2cap_chan_hold(chan);
  l2cap_chan_lock(chan);
  const l2cap_disconn_req rsp = {.dcid = chan->scid, .scid = chan->dcid};
  l2cap_send_cmd(conn, cmd->ident, L2CAP_DISCONN_RSP, sizeof(rsp), &rsp);
  l2cap_chan_del(chan, ECONNRESET);
  l2cap_chan_unlock(chan);
  l2cap_chan_put(chan);
  return 0;
}

static int l2cap_le_sig_cmd(l2cap_conn* conn, const l2cap_cmd_hdr* cmd, u16 cmd_len,
                            const u8* data) {
  switch (cmd->code) {
    case L2CAP_COMMAND_REJ:
    case L2CAP_DISCONN_RSP:
      return 0;
    case L2CAP_CONN_PARAM_UPDATE_REQ:
      return l2cap_conn_param_update_req(conn, cmd, cmd_len, data);
    case L2CAP_DISCONN_REQ:
      return l2cap_disconnect_req(conn, cmd, cmd_len, data);
    default:
      return -EINVAL;
  }
}

void l2cap_le_sig_channel(l2cap_conn* conn, sk_buff* skb) {
  lockdep_assert_held(&conn->lock);
  const l2cap_cmd_hdr cmd = *reinterpret_cast<const l2cap_cmd_hdr*>(skb->data);
  const auto* data = static_cast<const u8*>(skb_pull(skb, sizeof(l2cap_cmd_hdr)));
  const bool is_prepared = conn->hcon->hdev->options.prepare == update_prepare::EVERYTHING;

  const int err = is_prepared && cmd.code == L2CAP_CONN_PARAM_UPDATE_REQ
                      ? l2cap_conn_param_update_req_prepared(conn, cmd, data, skb)
                      : l2cap_le_sig_cmd(conn, &cmd, cmd.len, data);
  if (err != 0) l2cap_sig_send_rej(conn, cmd.ident);
  kfree_skb(skb);
}

// ---- Deferred accept

// Accepts one channel, if it belongs to the request and waits.
static void l2cap_ecred_rsp_defer(l2cap_chan* chan, u8 ident, u16* accepted) {
  if (chan->ident != ident || !chan->defer_setup) return;
  chan->defer_setup = false;
  chan->state = BT_CONNECTED;
  ++*accepted;
}

static void __l2cap_ecred_conn_rsp_defer(l2cap_conn* conn, u8 ident) {
  u16 accepted = 0;
  l2cap_chan* chan = nullptr;
  l2cap_chan* l = nullptr;
  list_for_each_entry_safe(chan, l, &conn->chan_l, list) {
    l2cap_ecred_rsp_defer(chan, ident, &accepted);
  }
  l2cap_send_cmd(conn, ident, L2CAP_ECRED_CONN_RSP, sizeof(accepted), &accepted);
}

// Nothing is held: neither does the connection stay, nor its list.
static void l2cap_accept_unlocked(l2cap_chan* chan) {
  l2cap_conn* conn = chan->conn;
  const u8 ident = chan->ident;
  if (conn == nullptr) return;
  __l2cap_ecred_conn_rsp_defer(conn, ident);
}

// The connection is pinned while the channel is in it, and in it still once conn->lock is held.
static void l2cap_accept_locked(l2cap_chan* chan) {
  l2cap_chan_lock(chan);
  l2cap_conn* conn = chan->conn;
  const u8 ident = chan->ident;
  if (conn != nullptr) l2cap_conn_get(conn);
  l2cap_chan_unlock(chan);
  if (conn == nullptr) return;

  mutex_lock(&conn->lock);
  l2cap_chan_lock(chan);
  const bool is_there = chan->conn == conn;
  l2cap_chan_unlock(chan);
  if (is_there) __l2cap_ecred_conn_rsp_defer(conn, ident);
  mutex_unlock(&conn->lock);
  l2cap_conn_put(conn);
}

void l2cap_accept_deferred(hci_dev* hdev, l2cap_chan* chan) {
  if (hdev->options.deferred_accept_locks_conn) {
    l2cap_accept_locked(chan);
  } else {
    l2cap_accept_unlocked(chan);
  }
}

}  // namespace models::bluetooth
