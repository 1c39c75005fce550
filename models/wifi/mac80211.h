// SPDX-License-Identifier: GPL-2.0-only
//
// mac80211's objects that have debugfs files, and their lives: interfaces, links, stations
// (net/mac80211/ieee80211_i.h, iface.c, link.c, sta_info.{h,c}).
//
// They come and go under wiphy->mtx, and their files with them.

#pragma once

#include "models/debugfs/fs.h"
#include "models/kernel/list.h"
#include "models/kernel/types.h"
#include "models/wifi/cfg80211.h"

namespace models::wifi {

using kernel::u32;

struct ieee80211_local {
  wifi::wiphy* wiphy;            // hw.wiphy
  kernel::list_head interfaces;  // Under wiphy->mtx.
};

struct ieee80211_sub_if_data {
  kernel::list_head list;
  ieee80211_local* local;
  u32 uapsd_queues;
  debugfs::dentry* debugfs_dir;
};

struct ieee80211_link_data {
  ieee80211_sub_if_data* sdata;
  u32 txpower;
  debugfs::dentry* debugfs_dir;
};

struct sta_info {
  ieee80211_local* local;
  u32 tid_tx;  // The aggregation session that agg_status tells of, and starts and stops.
  debugfs::dentry* debugfs_dir;
};

// ---- Interfaces

ieee80211_sub_if_data* ieee80211_if_add(ieee80211_local* local);
// With wiphy->mtx held.
void ieee80211_if_remove(ieee80211_sub_if_data* sdata);
// The interface changes its type: its files go and come again, with wiphy->mtx held.
void ieee80211_if_change_type(ieee80211_sub_if_data* sdata);
// What a user's "iw dev wlan0 del" does, in each removal_form. Returns 0, or -ENODEV if there is no
// interface.
int nl80211_del_interface(ieee80211_local* local);

// ---- Links and stations, each with wiphy->mtx held

ieee80211_link_data* ieee80211_link_init(ieee80211_sub_if_data* sdata);
void ieee80211_link_stop(ieee80211_link_data* link);
sta_info* sta_info_alloc(ieee80211_local* local);
void __sta_info_destroy(sta_info* sta);

// ---- Their files (debugfs_netdev.c, debugfs_sta.c)

void ieee80211_debugfs_add_netdev(ieee80211_sub_if_data* sdata);
void ieee80211_debugfs_remove_netdev(ieee80211_sub_if_data* sdata);
void ieee80211_link_debugfs_add(ieee80211_link_data* link);
void ieee80211_link_debugfs_remove(ieee80211_link_data* link);
void ieee80211_sta_debugfs_add(sta_info* sta);
void ieee80211_sta_debugfs_remove(sta_info* sta);

}  // namespace models::wifi
