// SPDX-License-Identifier: GPL-2.0-only
//
// The hardware behind a controller: takes commands and frames from the driver, answers commands on
// a task of its own.
//
// What it answers is a choice of the environment among what its rules allow. Commands for a handle
// that no link has are refused. Events that answer no command are the scenario's to deliver
// (environment.h); the hardware hears of connections and disconnections by these.
//
// Not instrumented: hardware is no party to races.

#pragma once

#include "models/bluetooth/hci.h"
#include "models/bluetooth/hci_core.h"

namespace models::bluetooth {

// What the environment chooses among; one value is no choice.
template <class T>
struct alternatives {
  T values[4] = {};
  u32 count = 1;
};

struct controller_rules {
  // In Command Status for an update: an error means that no event follows.
  alternatives<u8> update_command_status;
  // In LE Connection Update Complete: status; the handle, 0 standing for the one of the command.
  alternatives<u8> update_status;
  alternatives<u16> update_handle;
  // Whether an update is ever completed.
  bool completes_updates = true;
  // Whether a Disconnect command is.
  bool completes_disconnects = true;
};

struct controller {
  static constexpr int kHandles = 8;

  hci_dev* hdev;
  controller_rules rules;
  // Of the links that the hardware has, whatever the host has heard of them.
  u16 handles[kHandles];
  int handle_count;
  workqueue_struct* workqueue;  // "kworker/hci0-controller"
  work_struct work;
  sk_buff_head inbox;
};

// Returns the hardware of `hdev`, or null.
controller* controller_alloc(hci_dev* hdev);
void controller_free(controller* hardware);

// The driver hands over a packet; takes `skb`. Frames are on the air at once, commands wait to be
// answered.
void controller_receive(controller* hardware, sk_buff* skb);

// The hardware has one link more.
void controller_connected(controller* hardware, u16 handle);
// The hardware is about to send this packet: what it says about links is so from now on.
void controller_sends(controller* hardware, const sk_buff* skb);

}  // namespace models::bluetooth
