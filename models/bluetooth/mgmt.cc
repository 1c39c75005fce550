// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/mgmt.c.
//
// Kept:    nothing is sent for an address that is no identity address, or without memory; neither
//          is reported.
// Dropped: sockets of user space: an event that could be allocated has arrived.
// Changed: the address type needs no conversion.

#include "models/bluetooth/mgmt.h"

#include "models/bluetooth/ghost.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::alloc_skb;
using kernel::GFP_KERNEL;

struct mgmt_ev_new_conn_param {
  bdaddr_t addr;
  u8 addr_type;
  u8 store_hint;
  update_values values;
};

void mgmt_new_conn_param(hci_dev* hdev, const bdaddr_t* bdaddr, u8 bdaddr_type, u8 store_hint,
                         const update_values& values, const char* caller) {
  if (!hci_is_identity_address(bdaddr, bdaddr_type)) return;
  ghost_user_told(hdev, *bdaddr, bdaddr_type, values, caller);

  sk_buff* skb = alloc_skb(sizeof(mgmt_ev_new_conn_param), GFP_KERNEL);
  if (skb == nullptr) return;

  auto* ev = static_cast<mgmt_ev_new_conn_param*>(skb_put(skb, sizeof(mgmt_ev_new_conn_param)));
  bacpy(&ev->addr, bdaddr);
  ev->addr_type = bdaddr_type;
  ev->store_hint = store_hint;
  ev->values = values;
  kfree_skb(skb);
}

}  // namespace models::bluetooth
