// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/hci_sync.c.
//
// Kept:    lock scopes and error values of the queue, destroy callbacks under cmd_sync_work_lock
//          before the entry is unlinked, the order of hci_dev_close_sync.
// Dropped: requests of several commands, sockets, _once and _run variants, what closing does to
//          discovery, advertising, mgmt and the driver.
// Changed: waits are not interruptible, for workers get no signals, and so neither are wake-ups: in
//          the kernel both are. A request that timed out does not leave HCI_CMD_PENDING behind.

#include "models/bluetooth/hci_sync.h"

#include "models/bluetooth/hci.h"
#include "models/bluetooth/hci_conn.h"
#include "models/kernel/access_once.h"
#include "models/kernel/errno.h"
#include "models/kernel/jiffies.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kmalloc_obj;
using kernel::msecs_to_jiffies;

// ---- The queue

static void hci_cmd_sync_work(work_struct* work) {
  hci_dev* hdev = container_of(work, hci_dev, cmd_sync_work);
  while (true) {
    mutex_lock(&hdev->cmd_sync_work_lock);
    hci_cmd_sync_work_entry* entry =
        list_first_entry_or_null(&hdev->cmd_sync_work_list, hci_cmd_sync_work_entry, list);
    if (entry != nullptr) list_del(&entry->list);
    mutex_unlock(&hdev->cmd_sync_work_lock);
    if (entry == nullptr) break;

    hci_req_sync_lock(hdev);
    const int err = entry->func(hdev, entry->data);
    if (entry->destroy != nullptr) entry->destroy(hdev, entry->data, err);
    hci_req_sync_unlock(hdev);
    kfree(entry);
  }
}

void hci_cmd_sync_init(hci_dev* hdev) {
  INIT_WORK(&hdev->cmd_sync_work, hci_cmd_sync_work);
  INIT_LIST_HEAD(&hdev->cmd_sync_work_list);
  mutex_init(&hdev->cmd_sync_work_lock);
  mutex_init(&hdev->unregister_lock);
}

static void hci_cmd_sync_cancel_entry(hci_dev* hdev, hci_cmd_sync_work_entry* entry, int err) {
  if (entry->destroy != nullptr) entry->destroy(hdev, entry->data, err);
  list_del(&entry->list);
  kfree(entry);
}

void hci_cmd_sync_clear(hci_dev* hdev) {
  cancel_work_sync(&hdev->cmd_sync_work);

  mutex_lock(&hdev->cmd_sync_work_lock);
  hci_cmd_sync_work_entry* entry = nullptr;
  hci_cmd_sync_work_entry* tmp = nullptr;
  list_for_each_entry_safe(entry, tmp, &hdev->cmd_sync_work_list, list) {
    hci_cmd_sync_cancel_entry(hdev, entry, -ECANCELED);
  }
  mutex_unlock(&hdev->cmd_sync_work_lock);
}

int hci_cmd_sync_submit(hci_dev* hdev, hci_cmd_sync_work_func_t func, void* data,
                        hci_cmd_sync_work_destroy_t destroy) {
  int err = 0;
  hci_cmd_sync_work_entry* entry = nullptr;

  mutex_lock(&hdev->unregister_lock);
  if (test_bit(HCI_UNREGISTER, &hdev->dev_flags)) {
    err = -ENODEV;
    goto unlock;
  }

  entry = kmalloc_obj<hci_cmd_sync_work_entry>(GFP_KERNEL);
  if (entry == nullptr) {
    err = -ENOMEM;
    goto unlock;
  }
  entry->func = func;
  entry->data = data;
  entry->destroy = destroy;

  mutex_lock(&hdev->cmd_sync_work_lock);
  list_add_tail(&entry->list, &hdev->cmd_sync_work_list);
  mutex_unlock(&hdev->cmd_sync_work_lock);

  queue_work(hdev->req_workqueue, &hdev->cmd_sync_work);

unlock:
  mutex_unlock(&hdev->unregister_lock);
  return err;
}

int hci_cmd_sync_queue(hci_dev* hdev, hci_cmd_sync_work_func_t func, void* data,
                       hci_cmd_sync_work_destroy_t destroy) {
  if (!test_bit(HCI_RUNNING, &hdev->flags)) return -ENETDOWN;
  return hci_cmd_sync_submit(hdev, func, data, destroy);
}

static hci_cmd_sync_work_entry* hci_cmd_sync_lookup_entry(hci_dev* hdev,
                                                          hci_cmd_sync_work_func_t func, void* data,
                                                          hci_cmd_sync_work_destroy_t destroy) {
  hci_cmd_sync_work_entry* entry = nullptr;
  list_for_each_entry(entry, &hdev->cmd_sync_work_list, list) {
    if (func != nullptr && entry->func != func) continue;
    if (data != nullptr && entry->data != data) continue;
    if (destroy != nullptr && entry->destroy != destroy) continue;
    return entry;
  }
  return nullptr;
}

bool hci_cmd_sync_dequeue(hci_dev* hdev, hci_cmd_sync_work_func_t func, void* data,
                          hci_cmd_sync_work_destroy_t destroy) {
  bool found = false;
  mutex_lock(&hdev->cmd_sync_work_lock);
  while (hci_cmd_sync_work_entry* entry = hci_cmd_sync_lookup_entry(hdev, func, data, destroy)) {
    hci_cmd_sync_cancel_entry(hdev, entry, -ECANCELED);
    found = true;
  }
  mutex_unlock(&hdev->cmd_sync_work_lock);
  return found;
}

// ---- Synchronous requests

int bt_to_errno(u16 code) {
  switch (code) {
    case 0:
      return 0;
    case HCI_ERROR_UNKNOWN_CONN_ID:
      return ENOTCONN;
    case HCI_ERROR_CONNECTION_TIMEOUT:
      return ETIMEDOUT;
    case HCI_ERROR_COMMAND_DISALLOWED:
      return EBUSY;
    case HCI_ERROR_REMOTE_USER_TERM:
      return ECONNRESET;
    case HCI_ERROR_LOCAL_HOST_TERM:
      return ECONNABORTED;
    default:
      return ENOSYS;
  }
}

int __hci_cmd_sync_status(hci_dev* hdev, u16 opcode, u32 plen, const void* param, u8 event,
                          unsigned int timeout_ms, const char* caller) {
  lockdep_assert_held(&hdev->req_lock);
  sk_buff* skb = hci_cmd_sync_alloc(hdev, opcode, plen, param);
  if (skb == nullptr) return -ENOMEM;
  bt_cb(skb)->is_request = true;
  bt_cb(skb)->req_event = event;

  WRITE_ONCE(hdev->req_status, HCI_REQ_PEND);
  hci_queue_cmd(hdev, skb, caller);

  wait_event_timeout(hdev->req_wait_q, READ_ONCE(hdev->req_status) != HCI_REQ_PEND,
                     static_cast<long>(msecs_to_jiffies(timeout_ms)));

  int err = -ETIMEDOUT;
  switch (READ_ONCE(hdev->req_status)) {
    case HCI_REQ_DONE:
      err = -bt_to_errno(static_cast<u16>(hdev->req_result));
      break;
    case HCI_REQ_CANCELED:
      err = -hdev->req_result;
      break;
    default:
      clear_bit(HCI_CMD_PENDING, &hdev->dev_flags);
      break;
  }
  WRITE_ONCE(hdev->req_status, HCI_REQ_DONE);
  return err;
}

void hci_cmd_sync_cancel_sync(hci_dev* hdev, int err) {
  if (READ_ONCE(hdev->req_status) != HCI_REQ_PEND) return;
  hdev->req_result = err;
  WRITE_ONCE(hdev->req_status, HCI_REQ_CANCELED);
  wake_up(&hdev->req_wait_q);
}

void hci_cmd_sync_complete(hci_dev* hdev, u8 result) {
  if (READ_ONCE(hdev->req_status) != HCI_REQ_PEND) return;
  hdev->req_result = result;
  WRITE_ONCE(hdev->req_status, HCI_REQ_DONE);

  kfree_skb(hdev->req_skb);
  hdev->req_skb = nullptr;
  wake_up(&hdev->req_wait_q);
}

int hci_abort_conn_sync(hci_dev* hdev, void* data) {
  auto* conn = static_cast<hci_conn*>(data);
  hci_cp_disconnect cp = {};

  hci_dev_lock(hdev);
  if (!hci_conn_valid(hdev, conn)) {
    hci_dev_unlock(hdev);
    return -ECANCELED;
  }
  cp.handle = conn->handle;
  cp.reason = conn->abort_reason;
  hci_dev_unlock(hdev);

  return __hci_cmd_sync_status(hdev, HCI_OP_DISCONNECT, sizeof(cp), &cp, HCI_EV_DISCONN_COMPLETE,
                               HCI_CMD_TIMEOUT_MS);
}

// ---- Power

int hci_dev_close_sync(hci_dev* hdev) {
  hci_cmd_sync_cancel_sync(hdev, ENODEV);
  if (!test_and_clear_bit(HCI_UP, &hdev->flags)) return 0;

  flush_work(&hdev->tx_work);
  flush_work(&hdev->rx_work);

  hci_dev_lock(hdev);
  hci_conn_hash_flush(hdev);
  hci_dev_unlock(hdev);

  skb_queue_purge(&hdev->cmd_q);
  flush_work(&hdev->cmd_work);
  hdev->cmd_cnt = 1;
  skb_queue_purge(&hdev->rx_q);
  skb_queue_purge(&hdev->cmd_q);
  kfree_skb(hdev->sent_cmd);
  hdev->sent_cmd = nullptr;

  clear_bit(HCI_RUNNING, &hdev->flags);
  return 0;
}

int hci_dev_do_close(hci_dev* hdev) {
  hci_req_sync_lock(hdev);
  const int err = hci_dev_close_sync(hdev);
  hci_req_sync_unlock(hdev);
  return err;
}

}  // namespace models::bluetooth
