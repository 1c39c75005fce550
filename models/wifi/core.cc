// SPDX-License-Identifier: GPL-2.0-only
//
// The wireless device and its work (net/wireless/core.c, sysfs.c for power).

#include "models/debugfs/debugfs.h"
#include "models/kernel/slab.h"
#include "models/wifi/cfg80211.h"

namespace models::wifi {

using kernel::GFP_KERNEL;

cfg80211_registered_device* wiphy_to_rdev(wiphy* wiphy) {
  return container_of(wiphy, cfg80211_registered_device, wiphy);
}

void wiphy_lock(wiphy* wiphy) {
  mutex_lock(&wiphy->mtx);
}

void wiphy_unlock(wiphy* wiphy) {
  mutex_unlock(&wiphy->mtx);
}

// ---- Work

// One item per run: whoever waits for wiphy->mtx gets it in between.
static void cfg80211_wiphy_work(kernel::work_struct* work) {
  auto* rdev = container_of(work, cfg80211_registered_device, wiphy_work);
  wiphy* wiphy = &rdev->wiphy;
  wiphy_lock(wiphy);
  if (!rdev->suspended) {
    spin_lock_irq(&rdev->wiphy_work_lock);
    wifi::wiphy_work* wk =
        list_first_entry_or_null(&rdev->wiphy_work_list, wifi::wiphy_work, entry);
    if (wk != nullptr) {
      list_del_init(&wk->entry);
      if (!list_empty(&rdev->wiphy_work_list)) queue_work(kernel::system_unbound_wq, work);
    }
    spin_unlock_irq(&rdev->wiphy_work_lock);
    if (wk != nullptr) wk->func(wiphy, wk);
  }
  wiphy_unlock(wiphy);
}

void wiphy_work_init(wiphy_work* work, wiphy_work_func_t func) {
  INIT_LIST_HEAD(&work->entry);
  work->func = func;
}

void wiphy_work_queue(wiphy* wiphy, wiphy_work* work) {
  cfg80211_registered_device* rdev = wiphy_to_rdev(wiphy);
  unsigned long flags = 0;
  spin_lock_irqsave(&rdev->wiphy_work_lock, flags);
  if (list_empty(&work->entry)) list_add_tail(&work->entry, &rdev->wiphy_work_list);
  spin_unlock_irqrestore(&rdev->wiphy_work_lock, flags);
  queue_work(kernel::system_unbound_wq, &rdev->wiphy_work);
}

static void assert_wiphy_held(wiphy* wiphy) {
  if (wiphy_to_rdev(wiphy)->options.has_lockdep) lockdep_assert_held(&wiphy->mtx);
}

void wiphy_work_cancel(wiphy* wiphy, wiphy_work* work) {
  cfg80211_registered_device* rdev = wiphy_to_rdev(wiphy);
  assert_wiphy_held(wiphy);
  unsigned long flags = 0;
  spin_lock_irqsave(&rdev->wiphy_work_lock, flags);
  if (!list_empty(&work->entry)) list_del_init(&work->entry);
  spin_unlock_irqrestore(&rdev->wiphy_work_lock, flags);
}

static void cfg80211_process_wiphy_works(cfg80211_registered_device* rdev, wiphy_work* end) {
  spin_lock_irq(&rdev->wiphy_work_lock);
  while (wiphy_work* wk = list_first_entry_or_null(&rdev->wiphy_work_list, wiphy_work, entry)) {
    list_del_init(&wk->entry);
    spin_unlock_irq(&rdev->wiphy_work_lock);
    wk->func(&rdev->wiphy, wk);
    spin_lock_irq(&rdev->wiphy_work_lock);
    if (wk == end) break;
  }
  spin_unlock_irq(&rdev->wiphy_work_lock);
}

void wiphy_work_flush(wiphy* wiphy, wiphy_work* work) {
  assert_wiphy_held(wiphy);
  cfg80211_process_wiphy_works(wiphy_to_rdev(wiphy), work);
}

// ---- Power

void wiphy_suspend(wiphy* wiphy) {
  cfg80211_registered_device* rdev = wiphy_to_rdev(wiphy);
  wiphy_lock(wiphy);
  cfg80211_process_wiphy_works(rdev, nullptr);
  rdev->suspended = true;
  wiphy_unlock(wiphy);
}

void wiphy_resume(wiphy* wiphy) {
  cfg80211_registered_device* rdev = wiphy_to_rdev(wiphy);
  wiphy_lock(wiphy);
  rdev->suspended = false;
  queue_work(kernel::system_unbound_wq, &rdev->wiphy_work);
  wiphy_unlock(wiphy);
}

// ---- Lifetime

wiphy* wiphy_new(debugfs::dentry* debugfs_root, const wifi_options& options) {
  auto* rdev = kernel::kzalloc_obj<cfg80211_registered_device>(GFP_KERNEL);
  if (rdev == nullptr) return nullptr;
  wiphy* wiphy = &rdev->wiphy;
  mutex_init(&wiphy->mtx);
  INIT_WORK(&rdev->wiphy_work, cfg80211_wiphy_work);
  INIT_LIST_HEAD(&rdev->wiphy_work_list);
  spin_lock_init(&rdev->wiphy_work_lock);
  rdev->options = options;
  wiphy->debugfsdir = debugfs::debugfs_create_dir("phy0", debugfs_root);
  return wiphy;
}

void wiphy_free(wiphy* wiphy) {
  cfg80211_registered_device* rdev = wiphy_to_rdev(wiphy);
  debugfs::debugfs_remove(wiphy->debugfsdir);
  cancel_work_sync(&rdev->wiphy_work);
  kernel::kfree(rdev);
}

}  // namespace models::wifi
