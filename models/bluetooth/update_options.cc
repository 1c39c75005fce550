// SPDX-License-Identifier: GPL-2.0-only

#include "models/bluetooth/update_options.h"

#include "heddle/base/check.h"

namespace models::bluetooth {

// ---- The three families. Trees before F1 and F2, unless a name says otherwise.

static constexpr update_options base = {
    .path = update_path::INLINE,
    .recheck = update_recheck::NOTHING,
    .send = update_send::AFTER_UNLOCK,
    .store = update_store::WHEN_SENT,
    .holds_link = false,
    .compares_handle = false,
    .rechecks_after_wait = false,
    .disables_works_first = false,
    .cancels_pending_rx_first = false,
};

static constexpr update_options l2cap_queue(update_prepare prepare, update_recheck recheck) {
  update_options options = base;
  options.path = update_path::L2CAP_QUEUE;
  options.prepare = prepare;
  options.recheck = recheck;
  return options;
}

static constexpr update_options v2 =
    l2cap_queue(update_prepare::DATA, update_recheck::HANDLE_AND_DST);

static constexpr update_options v3(bool holds_link, bool compares_handle) {
  update_options options = base;
  options.path = update_path::HCI_QUEUE;
  options.link_read = update_link_read::AFTER_UNLOCK;
  options.store = update_store::ON_COMPLETE;
  options.holds_link = holds_link;
  options.compares_handle = compares_handle;
  return options;
}

static constexpr update_options merged = {
    .disables_works_first = false,
    .cancels_pending_rx_first = false,
};

static constexpr update_options merged_without_last_check() {
  update_options options = merged;
  options.rechecks_after_wait = false;
  return options;
}

static constexpr update_options v4() {
  update_options options = merged_without_last_check();
  options.link_read = update_link_read::AFTER_UNLOCK;
  return options;
}

static constexpr update_options with_f2(update_options options) {
  options.cancels_pending_rx_first = true;
  return options;
}

// The merged form on a tree with F1 and F2, and one fix more.
template <class Option, class Value>
static constexpr update_options fixed_by(Option update_options::*option, Value value) {
  update_options options;
  options.*option = value;
  return options;
}

static constexpr update_options with_locking_destroy(update_options options) {
  options.destroy_takes_hdev_lock = true;
  return options;
}

static constexpr update_options reference = {
    .prepare = update_prepare::EVERYTHING,
    .send = update_send::UNDER_HDEV_LOCK,
    .store = update_store::ON_CONFIRMATION,
    .pending_rx_stops_when_closed = true,
    .disconn_ind = disconn_ind_lock::HDEV_TRYLOCK,
    .deferred_accept_locks_conn = true,
};

static constexpr named_variant variants[] = {
    {"B0", base, "inline, under conn->lock"},
    {"B1", l2cap_queue(update_prepare::NOTHING, update_recheck::NOTHING),
     "v1: queued by L2CAP, answered before the allocation"},
    {"B2n", l2cap_queue(update_prepare::DATA, update_recheck::NOTHING), "v2 without its re-check"},
    {"B2", v2, "v2: allocated before the answer, handle and address compared"},
    {"B3", v3(true, true), "v3: command queued by HCI, stored by the event from the last command"},
    {"B3-noref", v3(false, true), "v3 without a reference on the link"},
    {"B3-nocmp", v3(true, false), "v3 without comparing the handle"},
    {"B3-noref-nocmp", v3(false, false), "v3 without either"},
    {"B4", v4(), "v4: waits for the event; link read after unlock"},
    {"B5", merged, "v5, as merged: link read under hdev->lock"},
    {"B5-norecheck", merged_without_last_check(), "v5 without the validity test after the wait"},
    {"B5f", {}, "v5 on a tree with F1 and F2"},
    {"B0+F2", with_f2(base), "inline, on a tree with F2"},
    {"B2+F2", with_f2(v2), "v2 on a tree with F2"},
    {"B2x", with_locking_destroy(v2), "v2 whose destroy callback takes hdev->lock"},
    {"B5+F2", with_f2(merged), "v5 on a tree with F2, but not F1"},
    {"B5f+range", fixed_by(&update_options::checks_range_exactly, true),
     "B5f with the bound on the latency computed where it cannot wrap"},
    {"B5f+rx-stop", fixed_by(&update_options::pending_rx_stops_when_closed, true),
     "B5f whose process_pending_rx stops at a closed link"},
    {"B5f+ind-lock", fixed_by(&update_options::disconn_ind, disconn_ind_lock::HDEV_LOCK),
     "B5f whose l2cap_disconn_ind takes hdev->lock"},
    {"B5f+ind-trylock", fixed_by(&update_options::disconn_ind, disconn_ind_lock::HDEV_TRYLOCK),
     "B5f whose l2cap_disconn_ind takes hdev->lock if it is free"},
    {"B5f+accept-lock", fixed_by(&update_options::deferred_accept_locks_conn, true),
     "B5f whose deferred accept holds conn->lock"},
    {"B-ideal", reference,
     "reference: prepared in full, sent under hdev->lock, stored when confirmed"},
};

std::span<const named_variant> named_variants() {
  return variants;
}

const update_options& variant(std::string_view id) {
  for (const named_variant& named : variants) {
    if (named.id == id) return named.options;
  }
  HEDDLE_CHECK(false) << "there is no variant " << id;
  return variants[0].options;
}

}  // namespace models::bluetooth
