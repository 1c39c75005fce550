// SPDX-License-Identifier: GPL-2.0-only

#include "models/wifi/environment.h"

#include "models/kernel/slab.h"

namespace models::wifi {

using debugfs::dget;
using debugfs::dput;
using kernel::GFP_KERNEL;

environment environment_create(const wifi_options& options, const environment_spec& spec) {
  kernel::slab_faults_nowhere();
  environment world = {};
  world.sb = debugfs::debugfs_mount(options.debugfs);
  world.local = kernel::kzalloc_obj<ieee80211_local>(GFP_KERNEL);
  INIT_LIST_HEAD(&world.local->interfaces);
  wiphy* wiphy = wiphy_new(world.sb->s_root, options);
  world.local->wiphy = wiphy;
  wiphy_lock(wiphy);
  world.sdata = ieee80211_if_add(world.local);
  world.netdev_dir = dget(world.sdata->debugfs_dir);
  if (spec.has_link) {
    world.link = ieee80211_link_init(world.sdata);
    world.link_dir = dget(world.link->debugfs_dir);
  }
  if (spec.has_sta) {
    world.sta = sta_info_alloc(world.local);
    world.sta_dir = dget(world.sta->debugfs_dir);
  }
  wiphy_unlock(wiphy);
  return world;
}

void environment_destroy(const environment& world) {
  wiphy* wiphy = world.local->wiphy;
  wiphy_lock(wiphy);
  if (world.sta != nullptr) __sta_info_destroy(world.sta);
  if (world.link != nullptr) ieee80211_link_stop(world.link);
  while (!list_empty(&world.local->interfaces)) {
    ieee80211_if_remove(list_first_entry(&world.local->interfaces, ieee80211_sub_if_data, list));
  }
  wiphy_unlock(wiphy);
  dput(world.sta_dir);
  dput(world.link_dir);
  dput(world.netdev_dir);
  wiphy_free(wiphy);
  kernel::kfree(world.local);
  debugfs::debugfs_kill(world.sb);
}

void environment_let_fail(std::initializer_list<std::string_view> sites) {
  kernel::slab_faults_at(sites);
}

}  // namespace models::wifi
