// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/mgmt.c, as far as user space learns of new connection parameters.

#pragma once

#include "models/bluetooth/hci_core.h"

namespace models::bluetooth {

// Tells user space the new parameters of a peer; nothing if the address is no identity address, and
// nothing if there is no memory for the event. `caller` stands in the record for the invariants.
void mgmt_new_conn_param(hci_dev* hdev, const bdaddr_t* bdaddr, u8 bdaddr_type, u8 store_hint,
                         const update_values& values, const char* caller = __builtin_FUNCTION());

}  // namespace models::bluetooth
