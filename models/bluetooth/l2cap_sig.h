// SPDX-License-Identifier: GPL-2.0-only
//
// Port of the signalling channel in net/bluetooth/l2cap_core.c: requests of the peer and their
// answers.
//
// The kernel has these functions in l2cap_core.c; here that file would not fit its limits.

#pragma once

#include "models/bluetooth/l2cap_core.h"

namespace models::bluetooth {

inline constexpr u8 L2CAP_COMMAND_REJ = 0x01;
inline constexpr u8 L2CAP_DISCONN_REQ = 0x06;
inline constexpr u8 L2CAP_DISCONN_RSP = 0x07;
inline constexpr u8 L2CAP_INFO_REQ = 0x0a;
inline constexpr u8 L2CAP_CONN_PARAM_UPDATE_REQ = 0x12;
inline constexpr u8 L2CAP_CONN_PARAM_UPDATE_RSP = 0x13;
inline constexpr u8 L2CAP_ECRED_CONN_RSP = 0x18;

inline constexpr u16 L2CAP_CONN_PARAM_ACCEPTED = 0x0000;
inline constexpr u16 L2CAP_CONN_PARAM_REJECTED = 0x0001;

inline constexpr u16 L2CAP_REJ_NOT_UNDERSTOOD = 0x0000;

struct l2cap_cmd_hdr {
  u8 code;
  u8 ident;
  u16 len;
};

struct l2cap_cmd_rej_unk {
  u16 reason;
};

struct l2cap_conn_param_update_req_pdu {
  u16 min;
  u16 max;
  u16 latency;
  u16 to_multiplier;
};

struct l2cap_conn_param_update_rsp {
  u16 result;
};

struct l2cap_disconn_req {
  u16 dcid;
  u16 scid;
};

struct l2cap_info_req {
  u16 type;
};

// What a queued update needs on the way of v1 and v2. Owned by the queue entry until its destroy
// callback ran.
struct conn_param_update_data {
  u16 handle;
  bdaddr_t dst;
  u8 dst_type;
  u16 min;
  u16 max;
  u16 latency;
  u16 to_multiplier;
};

// Handles one frame of the LE signalling channel; takes `skb`. A handler's error draws a command
// reject. REQUIRES: conn->lock.
void l2cap_le_sig_channel(l2cap_conn* conn, sk_buff* skb);

// Returns a frame with one signalling command, or null.
sk_buff* l2cap_build_cmd(l2cap_conn* conn, u8 code, u8 ident, u16 dlen, const void* data);
// Sends a signalling command; without memory it sends nothing and does not say so.
void l2cap_send_cmd(l2cap_conn* conn, u8 ident, u8 code, u16 len, const void* data);

// A user reads from a channel that waits to be accepted: accepts it and every other channel of the
// same request. Walks conn->chan_l, without conn->lock unless options.deferred_accept_locks_conn;
// see T6. The caller has a reference on the channel.
void l2cap_accept_deferred(hci_dev* hdev, l2cap_chan* chan);

}  // namespace models::bluetooth
