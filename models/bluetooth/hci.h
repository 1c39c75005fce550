// SPDX-License-Identifier: GPL-2.0-only
//
// What host and controller say to each other (include/net/bluetooth/hci.h).
//
// Changed: fields are plain integers instead of little-endian ones, and the bodies of events and of
//          commands are the structs below, copied into and out of buffers whole.

#pragma once

#include "models/bluetooth/bluetooth.h"

namespace models::bluetooth {

// ---- Packets, links

inline constexpr u8 HCI_COMMAND_PKT = 0x01;
inline constexpr u8 HCI_ACLDATA_PKT = 0x02;
inline constexpr u8 HCI_EVENT_PKT = 0x04;

inline constexpr u8 ACL_LINK = 0x01;
inline constexpr u8 LE_LINK = 0x80;

inline constexpr u8 HCI_ROLE_MASTER = 0x00;
inline constexpr u8 HCI_ROLE_SLAVE = 0x01;

inline constexpr u8 ADDR_LE_DEV_PUBLIC = 0x00;
inline constexpr u8 ADDR_LE_DEV_RANDOM = 0x01;

// Returns whether an address stays the peer's: public, or random and static.
static inline bool hci_is_identity_address(const bdaddr_t* addr, u8 addr_type) {
  return addr_type == ADDR_LE_DEV_PUBLIC || (addr->b[5] & 0xc0) == 0xc0;
}

// Handles above it are placeholders of the host, given out before the controller names one.
inline constexpr u16 HCI_CONN_HANDLE_MAX = 0x0eff;
inline constexpr u16 HCI_CONN_HANDLE_UNSET_FIRST = 0x0f00;

// ---- Times, in milliseconds

inline constexpr unsigned int HCI_DISCONN_TIMEOUT_MS = 2000;
inline constexpr unsigned int HCI_CMD_TIMEOUT_MS = 2000;
inline constexpr unsigned int HCI_LE_CONN_TIMEOUT_MS = 20000;

// ---- Flags of a controller

// hci_dev::flags
enum : unsigned int { HCI_UP, HCI_INIT, HCI_RUNNING };
// hci_dev::dev_flags
enum : unsigned int { HCI_UNREGISTER, HCI_CMD_PENDING };

// ---- Status codes and reasons

inline constexpr u8 HCI_ERROR_UNKNOWN_CONN_ID = 0x02;
inline constexpr u8 HCI_ERROR_CONNECTION_TIMEOUT = 0x08;
inline constexpr u8 HCI_ERROR_COMMAND_DISALLOWED = 0x0c;
inline constexpr u8 HCI_ERROR_REMOTE_USER_TERM = 0x13;
inline constexpr u8 HCI_ERROR_LOCAL_HOST_TERM = 0x16;
inline constexpr u8 HCI_ERROR_UNACCEPTABLE_CONN_PARAM = 0x3b;

// ---- Commands

inline constexpr u16 HCI_OP_NOP = 0x0000;
inline constexpr u16 HCI_OP_DISCONNECT = 0x0406;
inline constexpr u16 HCI_OP_LE_READ_REMOTE_FEATURES = 0x2016;
inline constexpr u16 HCI_OP_LE_CONN_UPDATE = 0x2013;

// The opcode group: LE commands have 0x08.
constexpr u16 hci_opcode_ogf(u16 opcode) {
  return opcode >> 10;
}

struct hci_cp_disconnect {
  u16 handle;
  u8 reason;
};

struct hci_cp_le_conn_update {
  u16 handle;
  u16 conn_interval_min;
  u16 conn_interval_max;
  u16 conn_latency;
  u16 supervision_timeout;
  u16 min_ce_len;
  u16 max_ce_len;
};

struct hci_cp_le_read_remote_features {
  u16 handle;
};

// ---- Events

inline constexpr u8 HCI_EV_DISCONN_COMPLETE = 0x05;
inline constexpr u8 HCI_EV_CMD_COMPLETE = 0x0e;
inline constexpr u8 HCI_EV_CMD_STATUS = 0x0f;
inline constexpr u8 HCI_EV_LE_META = 0x3e;

// Sub-events of HCI_EV_LE_META
inline constexpr u8 HCI_EV_LE_CONN_COMPLETE = 0x01;
inline constexpr u8 HCI_EV_LE_CONN_UPDATE_COMPLETE = 0x03;

struct hci_ev_disconn_complete {
  u8 status;
  u16 handle;
  u8 reason;
};

struct hci_ev_cmd_complete {
  u8 ncmd;
  u16 opcode;
  u8 status;
};

struct hci_ev_cmd_status {
  u8 status;
  u8 ncmd;
  u16 opcode;
};

struct hci_ev_le_conn_complete {
  u8 status;
  u8 link_type;  // LE_LINK. (BR/EDR has an event of its own, which does the same to the link.)
  u16 handle;
  u8 role;
  u8 bdaddr_type;
  bdaddr_t bdaddr;
  u16 interval;
  u16 latency;
  u16 supervision_timeout;
};

struct hci_ev_le_conn_update_complete {
  u8 status;
  u16 handle;
  u16 interval;
  u16 latency;
  u16 supervision_timeout;
};

}  // namespace models::bluetooth
