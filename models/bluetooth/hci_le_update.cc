// SPDX-License-Identifier: GPL-2.0-only
//
// Port of the LE connection update in net/bluetooth/hci_conn.c and hci_event.c.
//
// Kept:    lock scopes, and what each version reads, sends, stores and tells in which order;
//          results that the versions ignore are ignored here.
// Dropped: nothing that a version does with a request.
// Changed: le_conn_update_sync serves v3, v4, v5 and the reference: see update_options. The kernel
//          has the parts about the event in hci_le_conn_update_complete_evt itself.

#include "models/bluetooth/hci_le_update.h"

#include "models/bluetooth/ghost.h"
#include "models/bluetooth/mgmt.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::GFP_KERNEL;
using kernel::kfree;
using kernel::kmalloc_obj;
using kernel::kzalloc_obj;

hci_cp_le_conn_update hci_le_conn_update_cp(u16 handle, const update_values& values) {
  return {.handle = handle,
          .conn_interval_min = values.min,
          .conn_interval_max = values.max,
          .conn_latency = values.latency,
          .supervision_timeout = values.to_multiplier,
          .min_ce_len = 0x0000,
          .max_ce_len = 0x0000};
}

// Stores the values for a peer, if there is an entry for it; returns the hint for user space.
// REQUIRES: hdev->lock.
static u8 store_params(hci_dev* hdev, const bdaddr_t* dst, u8 dst_type, const update_values& values,
                       const char* caller) {
  hci_conn_params* params = hci_conn_params_lookup(hdev, dst, dst_type);
  if (params == nullptr) return 0x00;
  hci_conn_params_store(hdev, params, values, caller);
  return 0x01;
}

// ---- Queued by HCI (v3, v4, v5)

static void le_conn_update_data_free(hci_dev* hdev, le_conn_update_data* data) {
  if (hdev->options.holds_link) {
    hci_conn_put(data->conn);
    ghost_reference_dropped(hdev);
  }
  kfree_skb(data->command);
  kfree(data->entry);
  kfree(data);
  ghost_data_freed(hdev);
}

static void le_conn_update_destroy(hci_dev* hdev, void* data, int err) {
  // Reference: the link has the data once the command is queued, and may have freed it by now.
  if (hdev->options.store == update_store::ON_CONFIRMATION && err == 0) return;
  le_conn_update_data_free(hdev, static_cast<le_conn_update_data*>(data));
}

static le_conn_update_data* le_conn_update_data_alloc(hci_conn* conn, const update_values& values) {
  auto* d = kzalloc_obj<le_conn_update_data>(GFP_KERNEL);
  ghost_data_allocated(conn->hdev, d);
  if (d == nullptr) return nullptr;

  d->conn = conn;
  if (conn->hdev->options.holds_link) {
    hci_conn_get(conn);
    ghost_reference_taken(conn->hdev);
  }
  d->values = values;
  return d;
}

// v4 and v5: what happens once the wait for the event is over.
static void store_after_wait(hci_dev* hdev, le_conn_update_data* d, const bdaddr_t& dst,
                             u8 dst_type) {
  hci_dev_lock(hdev);
  if (hdev->options.rechecks_after_wait && !hci_conn_valid(hdev, d->conn)) {
    hci_dev_unlock(hdev);
    return;
  }
  const u8 store_hint = store_params(hdev, &dst, dst_type, d->values, "le_conn_update_sync");
  hci_dev_unlock(hdev);

  mgmt_new_conn_param(hdev, &dst, dst_type, store_hint, d->values, "le_conn_update_sync");
}

// Reference: the command goes out in the critical section that found the link alive, and from now
// on the link waits to see it confirmed. REQUIRES: hdev->lock.
static void send_prepared(le_conn_update_data* d) {
  auto* cp = reinterpret_cast<hci_cp_le_conn_update*>(d->command->data);
  *cp = hci_le_conn_update_cp(d->conn->handle, d->values);
  list_add_tail(&d->pending, &d->conn->pending_updates);
  ghost_data_waits(d->conn->hdev, 1);
  sk_buff* skb = d->command;
  d->command = nullptr;
  hci_queue_cmd(d->conn->hdev, skb, "le_conn_update_sync");
}

static int le_conn_update_sync(hci_dev* hdev, void* data) {
  auto* d = static_cast<le_conn_update_data*>(data);
  const update_options& options = hdev->options;
  hci_conn* conn = d->conn;
  hci_cp_le_conn_update cp = {};
  bdaddr_t dst = {};
  u8 dst_type = 0;
  unsigned int timeout = 0;

  if (options.recheck == update_recheck::LINK_OBJECT) {
    hci_dev_lock(hdev);
    if (!hci_conn_valid(hdev, conn)) {
      hci_dev_unlock(hdev);
      ghost_request_dropped(hdev, d->values, "hci_conn", __func__);
      return -ECANCELED;
    }
    ghost_link_checked(hdev, d->values, conn);
    if (options.send == update_send::UNDER_HDEV_LOCK) {
      send_prepared(d);
      hci_dev_unlock(hdev);
      return 0;
    }
    if (options.link_read == update_link_read::AFTER_UNLOCK) hci_dev_unlock(hdev);
  }

  cp = hci_le_conn_update_cp(conn->handle, d->values);
  if (options.send == update_send::AND_WAIT) {
    bacpy(&dst, &conn->dst);
    dst_type = conn->dst_type;
    timeout = conn->conn_timeout;
  }
  if (options.link_read == update_link_read::UNDER_HDEV_LOCK) hci_dev_unlock(hdev);

  if (options.send == update_send::AFTER_UNLOCK) {
    const int err = hci_send_cmd(hdev, HCI_OP_LE_CONN_UPDATE, sizeof(cp), &cp);
    if (err < 0) ghost_request_dropped(hdev, d->values, "sk_buff", "hci_send_cmd");
    return err;
  }
  const int err = __hci_cmd_sync_status(hdev, HCI_OP_LE_CONN_UPDATE, sizeof(cp), &cp,
                                        HCI_EV_LE_CONN_UPDATE_COMPLETE, timeout);
  if (err != 0) {
    const char* cause = err == -ENOMEM ? "sk_buff" : ghost_cause_of(err);
    ghost_request_dropped(hdev, d->values, cause, __func__);
    return err;
  }
  store_after_wait(hdev, d, dst, dst_type);
  return 0;
}

// ---- What the request handler calls

// HCI_QUEUE (v3, v4, v5).
static void hci_le_conn_update_queue(hci_conn* conn, const update_values& values) {
  hci_dev* hdev = conn->hdev;
  le_conn_update_data* d = le_conn_update_data_alloc(conn, values);
  if (d == nullptr) {
    ghost_request_dropped(hdev, values, "le_conn_update_data", "hci_le_conn_update");
    return;
  }

  const int err = hci_cmd_sync_queue(hdev, le_conn_update_sync, d, le_conn_update_destroy);
  if (err < 0) {
    ghost_request_dropped(hdev, values, ghost_cause_of(err), "hci_le_conn_update");
    le_conn_update_data_free(hdev, d);
  }
}

u8 hci_le_conn_update(hci_conn* conn, const update_values& values) {
  hci_dev* hdev = conn->hdev;
  if (hdev->options.path != update_path::INLINE) {
    hci_le_conn_update_queue(conn, values);
    return 0x00;
  }

  // f044eb0524a0: the caller holds conn->lock.
  hci_dev_lock(hdev);
  const u8 store_hint = store_params(hdev, &conn->dst, conn->dst_type, values, __func__);
  hci_dev_unlock(hdev);

  const hci_cp_le_conn_update cp = hci_le_conn_update_cp(conn->handle, values);
  const int err = hci_send_cmd(hdev, HCI_OP_LE_CONN_UPDATE, sizeof(cp), &cp);
  if (err < 0) ghost_request_dropped(hdev, values, "sk_buff", "hci_send_cmd");
  return store_hint;
}

// ---- The reference

le_conn_update_data* hci_le_conn_update_prepare(hci_conn* conn, const update_values& values) {
  hci_dev* hdev = conn->hdev;
  le_conn_update_data* d = le_conn_update_data_alloc(conn, values);
  if (d == nullptr) return nullptr;

  const hci_cp_le_conn_update cp = hci_le_conn_update_cp(conn->handle, values);
  d->entry = kmalloc_obj<hci_cmd_sync_work_entry>(GFP_KERNEL);
  d->command = hci_cmd_sync_alloc(hdev, HCI_OP_LE_CONN_UPDATE, sizeof(cp), &cp);
  if (d->entry == nullptr || d->command == nullptr) {
    le_conn_update_data_free(hdev, d);
    return nullptr;
  }
  return d;
}

void hci_le_conn_update_abandon(le_conn_update_data* data) {
  le_conn_update_data_free(data->conn->hdev, data);
}

// Nothing can fail any more once the flags are tested: unregister_lock keeps HCI_UNREGISTER as it
// is, and HCI_RUNNING is cleared only after the link is gone. cmd_sync_work_lock keeps the entry
// from running before the answer is out.
int hci_le_conn_update_submit(le_conn_update_data* data, void (*answer)(void* context),
                              void* context) {
  hci_dev* hdev = data->conn->hdev;
  int err = 0;

  mutex_lock(&hdev->unregister_lock);
  if (test_bit(HCI_UNREGISTER, &hdev->dev_flags)) {
    err = -ENODEV;
  } else if (!test_bit(HCI_RUNNING, &hdev->flags)) {
    err = -ENETDOWN;
  } else {
    hci_cmd_sync_work_entry* entry = data->entry;
    entry->func = le_conn_update_sync;
    entry->data = data;
    entry->destroy = le_conn_update_destroy;
    data->entry = nullptr;

    mutex_lock(&hdev->cmd_sync_work_lock);
    list_add_tail(&entry->list, &hdev->cmd_sync_work_list);
    answer(context);
    mutex_unlock(&hdev->cmd_sync_work_lock);
    queue_work(hdev->req_workqueue, &hdev->cmd_sync_work);
  }
  mutex_unlock(&hdev->unregister_lock);
  return err;
}

static void forget(le_conn_update_data* d) {
  list_del(&d->pending);
  ghost_data_waits(d->conn->hdev, -1);
  le_conn_update_data_free(d->conn->hdev, d);
}

void hci_le_conn_update_refused(hci_conn* conn, const update_values& values) {
  le_conn_update_data* d = nullptr;
  le_conn_update_data* n = nullptr;
  list_for_each_entry_safe(d, n, &conn->pending_updates, pending) {
    if (!equal(d->values, values)) continue;
    forget(d);
    return;
  }
}

void hci_le_conn_update_failed(hci_conn* conn) {
  if (list_empty(&conn->pending_updates)) return;
  forget(list_first_entry(&conn->pending_updates, le_conn_update_data, pending));
}

void hci_le_conn_update_forget(hci_conn* conn) {
  le_conn_update_data* d = nullptr;
  le_conn_update_data* n = nullptr;
  list_for_each_entry_safe(d, n, &conn->pending_updates, pending) forget(d);
}

// ---- Events

static constexpr char kHandler[] = "hci_le_conn_update_complete_evt";

static void publish(hci_conn* conn, const update_values& values) {
  hci_dev* hdev = conn->hdev;
  const u8 store_hint = store_params(hdev, &conn->dst, conn->dst_type, values, kHandler);
  mgmt_new_conn_param(hdev, &conn->dst, conn->dst_type, store_hint, values, kHandler);
}

// v3: the interval's bounds are those of the last command sent, if it was an update.
static void publish_last_command(hci_conn* conn, const hci_ev_le_conn_update_complete& ev) {
  hci_dev* hdev = conn->hdev;
  auto* cp = static_cast<hci_cp_le_conn_update*>(hci_sent_cmd_data(hdev, HCI_OP_LE_CONN_UPDATE));
  if (cp == nullptr || (hdev->options.compares_handle && cp->handle != ev.handle)) {
    ghost_confirmation_dropped(conn, "hdev->sent_cmd", kHandler);
    return;
  }
  publish(conn, {.min = cp->conn_interval_min,
                 .max = cp->conn_interval_max,
                 .latency = ev.latency,
                 .to_multiplier = ev.supervision_timeout});
}

static bool fits(const update_values& asked, const hci_ev_le_conn_update_complete& ev) {
  return asked.min <= ev.interval && ev.interval <= asked.max && asked.latency == ev.latency &&
         asked.to_multiplier == ev.supervision_timeout;
}

// Reference: the oldest update that this link waits for and that the event can mean.
static void publish_confirmed(hci_conn* conn, const hci_ev_le_conn_update_complete& ev) {
  le_conn_update_data* d = nullptr;
  le_conn_update_data* n = nullptr;
  list_for_each_entry_safe(d, n, &conn->pending_updates, pending) {
    if (!fits(d->values, ev)) continue;
    publish(conn, d->values);
    forget(d);
    return;
  }
}

void hci_le_conn_updated(hci_conn* conn, const hci_ev_le_conn_update_complete& ev) {
  switch (conn->hdev->options.store) {
    case update_store::ON_COMPLETE:
      publish_last_command(conn, ev);
      break;
    case update_store::ON_CONFIRMATION:
      publish_confirmed(conn, ev);
      break;
    case update_store::WHEN_SENT:
    case update_store::AFTER_WAIT:
      break;
  }
}

}  // namespace models::bluetooth
