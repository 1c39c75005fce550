// SPDX-License-Identifier: GPL-2.0-only
//
// wifi_options: in what the versions of the wireless side differ, with the options of the debugfs
// below; and the named versions of both.
//
// The defaults are those of a tree with every fix (G4).

#pragma once

#include <span>
#include <string_view>

#include "models/debugfs/debugfs_options.h"

namespace models::wifi {

// How a file of mac80211 gets at wiphy->mtx.
enum class handler_form {
  TAKES_MUTEX,    // The handler takes it (0ab6cba0696d).
  TRIES_MUTEX,    // The handler tries, and returns -EBUSY: an alternative that the RFC rejects.
  LOCKED_HELPER,  // The handler runs as wiphy work (wiphy_locked_debugfs_read and _write).
};

// How an interface is removed.
enum class removal_form {
  UNDER_MUTEX,       // All of it under wiphy->mtx.
  FILES_BEFORE_IT,   // The files first, without wiphy->mtx: against the rule of the helpers.
  DROPS_MUTEX,       // Chosen under wiphy->mtx, which is dropped while the files go: rejected, too.
  CLAIMS_AND_DROPS,  // The same, but the interface is off the list before the mutex is dropped.
};

struct wifi_options {
  debugfs::debugfs_options debugfs;
  handler_form netdev_files = handler_form::LOCKED_HELPER;
  handler_form link_files = handler_form::LOCKED_HELPER;
  handler_form agg_status = handler_form::LOCKED_HELPER;
  removal_form removal = removal_form::UNDER_MUTEX;

  // Not in any version: without lockdep nobody sees that wiphy_work_cancel is called without
  // wiphy->mtx.
  bool has_lockdep = true;
};

struct named_variant {
  std::string_view id;
  wifi_options options;
  std::string_view what;  // One clause for tables.
};

// All named versions, in the order of tables.
std::span<const named_variant> named_variants();

// The options of one of them. REQUIRES: there is a variant `id`.
const wifi_options& variant(std::string_view id);

}  // namespace models::wifi
