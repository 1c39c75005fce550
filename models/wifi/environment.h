// SPDX-License-Identifier: GPL-2.0-only
//
// Setting a scenario up: a wireless device with an interface and its debugfs files.
//
//   const environment world = environment_create(variant("G3"));
//   add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
//   execution.Spawn("cat", [=] { user_reads(world.netdev_dir, "uapsd_queues"); });
//   execution.Spawn("iw", [=] { nl80211_del_interface(world.local); });
//   execution.JoinAll();
//   environment_destroy(world);
//
// Both are for the one task that sets up, before it spawns others and after they are done: so they
// cost no schedules. No allocation fails meanwhile; environment_let_fail says which may later.

#pragma once

#include <initializer_list>
#include <string_view>

#include "models/debugfs/debugfs.h"
#include "models/wifi/mac80211.h"

namespace models::wifi {

struct environment {
  debugfs::super_block* sb;
  ieee80211_local* local;
  ieee80211_sub_if_data* sdata;
  // Null unless asked for.
  ieee80211_link_data* link;
  sta_info* sta;
  // Where users stand, with references of their own.
  debugfs::dentry* netdev_dir;
  debugfs::dentry* link_dir;
  debugfs::dentry* sta_dir;
};

struct environment_spec {
  bool has_link = false;
  bool has_sta = false;
};

environment environment_create(const wifi_options& options, const environment_spec& spec = {});

// Removes what is left and frees everything, so that leaks show. Actors may have removed the
// interface; links and stations that they removed are null in `world`.
void environment_destroy(const environment& world);

// From now on these allocations may fail, each at the cost of one fault: types, functions, or both
// ("debugfs_fsdata in get_fsdata").
void environment_let_fail(std::initializer_list<std::string_view> sites);

// The allocations on the way of a user.
inline constexpr std::string_view kFsdataSite = "debugfs_fsdata in get_fsdata";
inline constexpr std::string_view kProxySite = "file_operations";
inline constexpr std::string_view kAggStatusSite = "agg_status";

}  // namespace models::wifi
