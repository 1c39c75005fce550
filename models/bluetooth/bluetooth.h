// SPDX-License-Identifier: GPL-2.0-only
//
// Addresses, states and roles: what every file of the subsystem knows
// (include/net/bluetooth/bluetooth.h).
//
// Changed: link state and role are in here, not in an enum of sockets; addresses are compared by
//          functions of this file, because libc's memcmp and memcpy are not instrumented.

#pragma once

#include "models/kernel/types.h"

namespace models::bluetooth {

using kernel::u16;
using kernel::u32;
using kernel::u8;

struct bdaddr_t {
  u8 b[6];
};

inline constexpr u8 BDADDR_BREDR = 0x00;
inline constexpr u8 BDADDR_LE_PUBLIC = 0x01;
inline constexpr u8 BDADDR_LE_RANDOM = 0x02;

// Returns 0 if the addresses are equal. Byte by byte: each is an access of its own.
static inline int bacmp(const bdaddr_t* ba1, const bdaddr_t* ba2) {
  for (int i = 0; i < 6; ++i) {
    if (ba1->b[i] != ba2->b[i]) return ba1->b[i] < ba2->b[i] ? -1 : 1;
  }
  return 0;
}

static inline void bacpy(bdaddr_t* dst, const bdaddr_t* src) {
  for (int i = 0; i < 6; ++i) dst->b[i] = src->b[i];
}

// States of a link and of a channel.
enum bt_state : u8 {
  BT_CONNECTED = 1,
  BT_OPEN,
  BT_BOUND,
  BT_LISTEN,
  BT_CONNECT,
  BT_CONNECT2,
  BT_CONFIG,
  BT_DISCONN,
  BT_CLOSED,
};

}  // namespace models::bluetooth
