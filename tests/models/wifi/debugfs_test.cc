// SPDX-License-Identifier: MIT
//
// Files of mac80211 without races: what handlers return, with the mutex and with the helpers.

#include "models/wifi/debugfs.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/debugfs/user.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"
#include "tests/models/kernel/explored.h"

namespace models::wifi {
namespace {

using debugfs::user_reads;
using debugfs::user_writes;
using heddle::Execution;
using kernel::ExecutionsOf;

constexpr environment_spec kAllFiles = {.has_link = true, .has_sta = true};

// Runs `body` on a device, in each version whose handlers differ.
template <class Body>
void InEachForm(const environment_spec& spec, const Body& body) {
  for (const char* id : {"G0", "Gtry", "G4"}) {
    CAPTURE(id);
    ExecutionsOf({.preemptions = 1, .faults = 0}, [&](Execution& execution) {
      const environment world = environment_create(variant(id), spec);
      body(world);
      execution.JoinAll();
      environment_destroy(world);
    });
  }
}

TEST_CASE("a read returns the value as text") {
  InEachForm(kAllFiles, [](const environment& world) {
    world.sdata->uapsd_queues = 15;
    HEDDLE_ENSURE(user_reads(world.netdev_dir, "uapsd_queues") == 3);
    HEDDLE_ENSURE(user_reads(world.link_dir, "txpower") == 3);
    HEDDLE_ENSURE(user_reads(world.sta_dir, "agg_status") == 2);
  });
}

TEST_CASE("a write changes the value, or returns -EINVAL for what is no number") {
  InEachForm(kAllFiles, [](const environment& world) {
    HEDDLE_ENSURE(user_writes(world.netdev_dir, "uapsd_queues", "7\n") == 2);
    HEDDLE_ENSURE(world.sdata->uapsd_queues == 7);
    HEDDLE_ENSURE(user_writes(world.sta_dir, "agg_status", "3") == 1);
    HEDDLE_ENSURE(world.sta->tid_tx == 3);
    HEDDLE_ENSURE(user_writes(world.sta_dir, "agg_status", "tx start") == -EINVAL);
    HEDDLE_ENSURE(world.sta->tid_tx == 3);
  });
}

TEST_CASE("a write of more than fits is refused before anything is queued") {
  InEachForm(kAllFiles, [](const environment& world) {
    const char* long_text = "1234567890123456789012345";  // As long as agg_status' buffer.
    HEDDLE_ENSURE(user_writes(world.sta_dir, "agg_status", long_text) == -EINVAL);
    HEDDLE_ENSURE(world.sta->tid_tx == 0);
  });
}

TEST_CASE("a write from a bad address returns -EFAULT, and reads from there -EFAULT, too") {
  InEachForm(kAllFiles, [](const environment& world) {
    debugfs::file* file = debugfs::user_open(world.sta_dir, "agg_status");
    loff_t pos = 0;
    HEDDLE_ENSURE(debugfs::vfs_write(file, nullptr, 1, &pos) == -EFAULT);
    HEDDLE_ENSURE(debugfs::vfs_read(file, nullptr, 1, &pos) == -EFAULT);
    debugfs::user_close(file);
  });
}

TEST_CASE("an interface that changes its type has new files, and readers of the old get -EIO") {
  InEachForm({}, [](const environment& world) {
    debugfs::file* file = debugfs::user_open(world.netdev_dir, "uapsd_queues");
    HEDDLE_ENSURE(debugfs::user_read(file) == 2);
    wiphy_lock(world.local->wiphy);
    ieee80211_if_change_type(world.sdata);
    wiphy_unlock(world.local->wiphy);
    HEDDLE_ENSURE(debugfs::user_read(file) == -EIO);
    HEDDLE_ENSURE(user_reads(world.netdev_dir, "uapsd_queues") == -ENOENT);
    HEDDLE_ENSURE(user_reads(world.sdata->debugfs_dir, "uapsd_queues") == 2);
    debugfs::user_close(file);
  });
}

}  // namespace
}  // namespace models::wifi
