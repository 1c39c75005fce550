// SPDX-License-Identifier: GPL-2.0-only
//
// The wireless device: wiphy->mtx and the work that runs under it (include/net/cfg80211.h,
// net/wireless/core.{h,c}).

#pragma once

#include "models/debugfs/fs.h"
#include "models/kernel/list.h"
#include "models/kernel/mutex.h"
#include "models/kernel/spinlock.h"
#include "models/kernel/workqueue.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

struct wiphy {
  kernel::mutex mtx;
  debugfs::dentry* debugfsdir;
};

struct wiphy_work;
using wiphy_work_func_t = void (*)(wiphy* wiphy, wiphy_work* work);

struct wiphy_work {
  kernel::list_head entry;
  wiphy_work_func_t func;
};

struct cfg80211_registered_device {
  wifi::wiphy wiphy;
  kernel::work_struct wiphy_work;
  kernel::list_head wiphy_work_list;
  kernel::spinlock_t wiphy_work_lock;  // For wiphy_work_list.
  bool suspended;                      // Under wiphy->mtx.
  wifi_options options;
};

cfg80211_registered_device* wiphy_to_rdev(wiphy* wiphy);

// Returns a device whose files are to lie in a directory of their own in `debugfs_root`, or null.
wiphy* wiphy_new(debugfs::dentry* debugfs_root, const wifi_options& options);
void wiphy_free(wiphy* wiphy);

void wiphy_lock(wiphy* wiphy);
void wiphy_unlock(wiphy* wiphy);

// ---- Work

void wiphy_work_init(wiphy_work* work, wiphy_work_func_t func);
// Has `work` run under wiphy->mtx; nothing if it waits to run already.
void wiphy_work_queue(wiphy* wiphy, wiphy_work* work);
// Takes `work` off the list. With wiphy->mtx held, so it does not run either.
void wiphy_work_cancel(wiphy* wiphy, wiphy_work* work);
// Runs what waits, up to `work` or, for null, all of it. With wiphy->mtx held.
void wiphy_work_flush(wiphy* wiphy, wiphy_work* work);

// ---- Power

void wiphy_suspend(wiphy* wiphy);
void wiphy_resume(wiphy* wiphy);

}  // namespace models::wifi
