// SPDX-License-Identifier: GPL-2.0-only
//
// Packets that the hardware, or a peer behind it, hands to the host: each function returns a new
// one.
//
// No allocation here can fail: what the environment sends is there.

#pragma once

#include "models/bluetooth/hci.h"
#include "models/bluetooth/hci_core.h"

namespace models::bluetooth {

// ---- Events of the controller

sk_buff* cmd_status_event(const hci_ev_cmd_status& ev);
sk_buff* disconn_complete_event(const hci_ev_disconn_complete& ev);
sk_buff* le_conn_complete_event(const hci_ev_le_conn_complete& ev);
sk_buff* update_complete_event(const hci_ev_le_conn_update_complete& ev);

// ---- Frames of the peer behind `handle`

// Asks for new parameters; the short one is malformed.
sk_buff* update_request_frame(u16 handle, u8 ident, const update_values& values);
sk_buff* short_update_request_frame(u16 handle, u8 ident);
// Ends the channel that this host calls `scid`.
sk_buff* disconnect_request_frame(u16 handle, u8 ident, u16 scid);
// Tells its identity address.
sk_buff* identity_address_frame(u16 handle, const bdaddr_t& identity, u8 identity_type);

}  // namespace models::bluetooth
