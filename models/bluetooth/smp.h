// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/smp.c, as far as it rewrites the address of a link.

#pragma once

#include "models/bluetooth/l2cap_core.h"

namespace models::bluetooth {

inline constexpr u8 SMP_CMD_IDENT_ADDR_INFO = 0x09;

struct smp_cmd_ident_addr_info {
  u8 code;
  u8 addr_type;
  bdaddr_t bdaddr;
};

// Handles a frame of the security manager's channel; takes `skb`. The identity address of the peer
// is the last thing it distributes. REQUIRES: conn->lock.
void smp_recv_cb(l2cap_conn* conn, sk_buff* skb);

// The peer has distributed its keys: from now on the link goes by its identity address. Writes
// hcon->dst and hcon->dst_type without hdev->lock. REQUIRES: conn->lock.
void smp_notify_keys(l2cap_conn* conn, const smp_cmd_ident_addr_info& info);

// The function of id_addr_timer: gives the new address to the channels, under conn->lock.
void l2cap_conn_update_id_addr(work_struct* work);

}  // namespace models::bluetooth
