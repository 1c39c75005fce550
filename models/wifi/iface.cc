// SPDX-License-Identifier: GPL-2.0-only
//
// Lives of interfaces, links and stations (net/mac80211/iface.c, link.c, sta_info.c).

#include "models/debugfs/debugfs.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/wifi/mac80211.h"

namespace models::wifi {

using debugfs::debugfs_remove;
using kernel::GFP_KERNEL;

// ---- Interfaces

ieee80211_sub_if_data* ieee80211_if_add(ieee80211_local* local) {
  auto* sdata = kernel::kzalloc_obj<ieee80211_sub_if_data>(GFP_KERNEL);
  if (sdata == nullptr) return nullptr;
  sdata->local = local;
  list_add_tail(&sdata->list, &local->interfaces);
  ieee80211_debugfs_add_netdev(sdata);
  return sdata;
}

void ieee80211_if_remove(ieee80211_sub_if_data* sdata) {
  list_del(&sdata->list);
  ieee80211_debugfs_remove_netdev(sdata);
  kernel::kfree(sdata);  // free_netdev
}

void ieee80211_if_change_type(ieee80211_sub_if_data* sdata) {
  // ieee80211_debugfs_recreate_netdev
  ieee80211_debugfs_remove_netdev(sdata);
  ieee80211_debugfs_add_netdev(sdata);
}

static ieee80211_sub_if_data* first_interface(ieee80211_local* local) {
  return list_first_entry_or_null(&local->interfaces, ieee80211_sub_if_data, list);
}

static int remove_under_mutex(ieee80211_local* local) {
  wiphy_lock(local->wiphy);
  ieee80211_sub_if_data* sdata = first_interface(local);
  if (sdata != nullptr) ieee80211_if_remove(sdata);
  wiphy_unlock(local->wiphy);
  return sdata != nullptr ? 0 : -ENODEV;
}

static int remove_claimed(ieee80211_local* local) {
  wiphy_lock(local->wiphy);
  ieee80211_sub_if_data* sdata = first_interface(local);
  if (sdata != nullptr) list_del(&sdata->list);
  wiphy_unlock(local->wiphy);
  if (sdata == nullptr) return -ENODEV;
  debugfs_remove(sdata->debugfs_dir);
  wiphy_lock(local->wiphy);
  kernel::kfree(sdata);
  wiphy_unlock(local->wiphy);
  return 0;
}

static int remove_with_mutex_dropped(ieee80211_local* local) {
  wiphy_lock(local->wiphy);
  ieee80211_sub_if_data* sdata = first_interface(local);
  wiphy_unlock(local->wiphy);
  if (sdata == nullptr) return -ENODEV;
  debugfs_remove(sdata->debugfs_dir);
  wiphy_lock(local->wiphy);
  list_del(&sdata->list);
  kernel::kfree(sdata);
  wiphy_unlock(local->wiphy);
  return 0;
}

int nl80211_del_interface(ieee80211_local* local) {
  switch (wiphy_to_rdev(local->wiphy)->options.removal) {
    case removal_form::UNDER_MUTEX:
      return remove_under_mutex(local);
    case removal_form::DROPS_MUTEX:
      return remove_with_mutex_dropped(local);
    case removal_form::FILES_BEFORE_IT:
    case removal_form::CLAIMS_AND_DROPS:
      return remove_claimed(local);
  }
  return -EINVAL;
}

// ---- Links and stations

ieee80211_link_data* ieee80211_link_init(ieee80211_sub_if_data* sdata) {
  auto* link = kernel::kzalloc_obj<ieee80211_link_data>(GFP_KERNEL);
  if (link == nullptr) return nullptr;
  link->sdata = sdata;
  link->txpower = 20;
  ieee80211_link_debugfs_add(link);
  return link;
}

void ieee80211_link_stop(ieee80211_link_data* link) {
  ieee80211_link_debugfs_remove(link);
  kernel::kfree(link);
}

sta_info* sta_info_alloc(ieee80211_local* local) {
  auto* sta = kernel::kzalloc_obj<sta_info>(GFP_KERNEL);
  if (sta == nullptr) return nullptr;
  sta->local = local;
  ieee80211_sta_debugfs_add(sta);
  return sta;
}

void __sta_info_destroy(sta_info* sta) {
  ieee80211_sta_debugfs_remove(sta);
  kernel::kfree(sta);  // sta_info_free
}

}  // namespace models::wifi
