// SPDX-License-Identifier: GPL-2.0-only

#include "models/bluetooth/packets.h"

#include "models/bluetooth/hci_event.h"
#include "models/bluetooth/l2cap_sig.h"
#include "models/bluetooth/smp.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::__GFP_NOFAIL;
using kernel::alloc_skb;
using kernel::GFP_ATOMIC;
using kernel::gfp_t;

static constexpr gfp_t kCannotFail = GFP_ATOMIC | __GFP_NOFAIL;

// ---- Events

template <class Body>
static sk_buff* event(u8 evt, u8 subevent, const Body& body) {
  static_assert(sizeof(hci_event_hdr) <= kEventBodyOffset && alignof(Body) <= kEventBodyOffset);
  sk_buff* skb = alloc_skb(kEventBodyOffset + sizeof(Body), kCannotFail);
  const hci_event_hdr header[kEventBodyOffset / sizeof(hci_event_hdr)] = {
      {.evt = evt, .subevent = subevent}};
  skb_put_data(skb, header, sizeof(header));
  skb_put_data(skb, &body, sizeof(body));
  *bt_cb(skb) = {
      .pkt_type = HCI_EVENT_PKT, .is_request = false, .req_event = 0, .opcode = 0, .handle = 0};
  return skb;
}

sk_buff* cmd_status_event(const hci_ev_cmd_status& ev) {
  return event(HCI_EV_CMD_STATUS, 0, ev);
}

sk_buff* disconn_complete_event(const hci_ev_disconn_complete& ev) {
  return event(HCI_EV_DISCONN_COMPLETE, 0, ev);
}

sk_buff* le_conn_complete_event(const hci_ev_le_conn_complete& ev) {
  return event(HCI_EV_LE_META, HCI_EV_LE_CONN_COMPLETE, ev);
}

sk_buff* update_complete_event(const hci_ev_le_conn_update_complete& ev) {
  return event(HCI_EV_LE_META, HCI_EV_LE_CONN_UPDATE_COMPLETE, ev);
}

// ---- Frames

static sk_buff* frame(u16 handle, u16 cid, u16 size) {
  sk_buff* skb = alloc_skb(sizeof(l2cap_hdr) + size, kCannotFail);
  const l2cap_hdr lh = {.len = size, .cid = cid};
  skb_put_data(skb, &lh, sizeof(lh));
  *bt_cb(skb) = {.pkt_type = HCI_ACLDATA_PKT,
                 .is_request = false,
                 .req_event = 0,
                 .opcode = 0,
                 .handle = handle};
  return skb;
}

static sk_buff* signal_frame(u16 handle, u8 code, u8 ident, const void* body, u16 size) {
  const l2cap_cmd_hdr cmd = {.code = code, .ident = ident, .len = size};
  sk_buff* skb =
      frame(handle, L2CAP_CID_LE_SIGNALING, static_cast<u16>(sizeof(l2cap_cmd_hdr) + size));
  skb_put_data(skb, &cmd, sizeof(cmd));
  skb_put_data(skb, body, size);
  return skb;
}

sk_buff* update_request_frame(u16 handle, u8 ident, const update_values& values) {
  const l2cap_conn_param_update_req_pdu req = {values.min, values.max, values.latency,
                                               values.to_multiplier};
  return signal_frame(handle, L2CAP_CONN_PARAM_UPDATE_REQ, ident, &req, sizeof(req));
}

sk_buff* short_update_request_frame(u16 handle, u8 ident) {
  const u16 min = 6;
  return signal_frame(handle, L2CAP_CONN_PARAM_UPDATE_REQ, ident, &min, sizeof(min));
}

sk_buff* disconnect_request_frame(u16 handle, u8 ident, u16 scid) {
  const l2cap_disconn_req req = {.dcid = scid, .scid = scid};
  return signal_frame(handle, L2CAP_DISCONN_REQ, ident, &req, sizeof(req));
}

sk_buff* identity_address_frame(u16 handle, const bdaddr_t& identity, u8 identity_type) {
  const smp_cmd_ident_addr_info info = {
      .code = SMP_CMD_IDENT_ADDR_INFO, .addr_type = identity_type, .bdaddr = identity};
  sk_buff* skb = frame(handle, L2CAP_CID_SMP, sizeof(info));
  skb_put_data(skb, &info, sizeof(info));
  return skb;
}

}  // namespace models::bluetooth
