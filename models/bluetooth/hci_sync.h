// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_sync.c: the queue of entries that may wait for the controller, and
// synchronous requests.
//
// Entries run in order on hdev->req_workqueue, each under req_lock, with no other lock. An entry
// may wait for an event, so nothing that the event handlers need (hdev->lock above all) may be held
// around the wait.

#pragma once

#include "models/bluetooth/hci_core.h"

namespace models::bluetooth {

// Runs on the worker, under req_lock.
using hci_cmd_sync_work_func_t = int (*)(hci_dev* hdev, void* data);
// Runs after the function with its result, or instead of it with -ECANCELED; then under
// cmd_sync_work_lock.
using hci_cmd_sync_work_destroy_t = void (*)(hci_dev* hdev, void* data, int err);

struct hci_cmd_sync_work_entry {
  list_head list;
  hci_cmd_sync_work_func_t func;
  void* data;
  hci_cmd_sync_work_destroy_t destroy;
};

void hci_cmd_sync_init(hci_dev* hdev);
// Cancels all entries, those being added included. Called when the controller goes for good.
void hci_cmd_sync_clear(hci_dev* hdev);

// Adds an entry. 0, -ENODEV while the controller is being unregistered, or -ENOMEM. On an error
// `destroy` is not called: the caller still owns `data`. Takes unregister_lock, cmd_sync_work_lock.
int hci_cmd_sync_submit(hci_dev* hdev, hci_cmd_sync_work_func_t func, void* data,
                        hci_cmd_sync_work_destroy_t destroy);
// The same; -ENETDOWN if the controller does not run.
int hci_cmd_sync_queue(hci_dev* hdev, hci_cmd_sync_work_func_t func, void* data,
                       hci_cmd_sync_work_destroy_t destroy);

// Cancels all entries that match; null matches anything. Their destroy callbacks run under
// cmd_sync_work_lock, with -ECANCELED. Returns whether there was one.
bool hci_cmd_sync_dequeue(hci_dev* hdev, hci_cmd_sync_work_func_t func, void* data,
                          hci_cmd_sync_work_destroy_t destroy);

// ---- Synchronous requests. REQUIRES: req_lock; no lock that an event handler takes.

// Sends a command and waits: for Command Complete or Command Status if `event` is 0, else for that
// event or LE sub-event. Returns 0, the negative errno of a status, -ENOMEM, -ETIMEDOUT, or what
// cancelled it.
int __hci_cmd_sync_status(hci_dev* hdev, u16 opcode, u32 plen, const void* param, u8 event,
                          unsigned int timeout_ms, const char* caller = __builtin_FUNCTION());

// Ends the request under way, if there is one, with -`err`.
void hci_cmd_sync_cancel_sync(hci_dev* hdev, int err);

// An event handler says that the request under way is over, and how.
void hci_cmd_sync_complete(hci_dev* hdev, u8 result);

// Returns the positive errno that stands for a status.
int bt_to_errno(u16 code);

// ---- Power

// Closes the device: flushes its works, deletes every link, clears HCI_RUNNING. Entries of the
// queue stay. Takes req_lock and hdev->lock.
int hci_dev_do_close(hci_dev* hdev);
int hci_dev_close_sync(hci_dev* hdev);  // REQUIRES: req_lock.

// The function of the entry that ends a link: sends the command and waits for the event. `data` is
// the link.
int hci_abort_conn_sync(hci_dev* hdev, void* data);

}  // namespace models::bluetooth
