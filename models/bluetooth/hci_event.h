// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_event.c: what the controller says, on hdev->workqueue.

#pragma once

#include "models/bluetooth/hci_core.h"

namespace models::bluetooth {

struct hci_event_hdr {
  u8 evt;
  u8 subevent;  // Of HCI_EV_LE_META. (On the air it is the first byte of the body.)
};

// The body of an event, one of the structs of hci.h, begins at an address that suits all of them.
inline constexpr size_t kEventBodyOffset = 4;

// Handles one event; takes `skb`. Takes and drops hdev->lock for every event before anything else,
// so none is handled while another task holds it.
void hci_event_packet(hci_dev* hdev, sk_buff* skb);

}  // namespace models::bluetooth
