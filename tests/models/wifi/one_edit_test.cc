// SPDX-License-Identifier: MIT
//
// The fixed version is fixed by each of its parts: whichever one of them is taken back, some
// environment in which the whole is clean fails. The edits are options of the models.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "heddle/explore/explore.h"
#include "heddle/testing/ensure.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {
namespace {

using debugfs::user_reads;
using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

// ---- Environments

using Environment = void (*)(Execution& execution, const wifi_options& options);

void InterfaceGoes(Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  execution.Spawn("cat", [=] { user_reads(world.netdev_dir, "uapsd_queues"); });
  execution.Spawn("iw", [=] { nl80211_del_interface(world.local); });
  execution.JoinAll();
  environment_destroy(world);
}

void InterfaceGoesTwice(Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  for (const char* name : {"iw", "hostapd"}) {
    execution.Spawn(name, [=] { nl80211_del_interface(world.local); });
  }
  execution.JoinAll();
  environment_destroy(world);
}

void StationGoes(Execution& execution, const wifi_options& options) {
  environment world = environment_create(options, {.has_sta = true});
  execution.Spawn("cat", [dir = world.sta_dir] { user_reads(dir, "agg_status"); });
  execution.Spawn("hostapd", [world] {
    wiphy_lock(world.local->wiphy);
    __sta_info_destroy(world.sta);
    wiphy_unlock(world.local->wiphy);
  });
  execution.JoinAll();
  world.sta = nullptr;
  environment_destroy(world);
}

void LinkGoes(Execution& execution, const wifi_options& options) {
  environment world = environment_create(options, {.has_link = true});
  execution.Spawn("cat", [dir = world.link_dir] { user_reads(dir, "txpower"); });
  execution.Spawn("hostapd", [world] {
    wiphy_lock(world.local->wiphy);
    ieee80211_link_stop(world.link);
    wiphy_unlock(world.local->wiphy);
  });
  execution.JoinAll();
  world.link = nullptr;
  environment_destroy(world);
}

void FileIsUsedFirst(Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  execution.Spawn("cat", [=] { user_reads(world.netdev_dir, "uapsd_queues"); });
  execution.Spawn(
      "touch", [=] { debugfs::user_close(debugfs::user_open(world.netdev_dir, "uapsd_queues")); });
  execution.JoinAll();
  environment_destroy(world);
}

void ReadersComeAndGo(Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  debugfs::file* file = debugfs::user_open(world.netdev_dir, "uapsd_queues");
  for (const char* name : {"cat", "less"}) {
    execution.Spawn(name, [=] { debugfs::user_read(file); });
  }
  execution.Spawn("iw", [=] { nl80211_del_interface(world.local); });
  execution.JoinAll();
  HEDDLE_ENSURE(world.sb->ghost->files[0].handlers_let_in_unlinked == 0);
  debugfs::user_close(file);
  environment_destroy(world);
}

void AutomountGoes(Execution& /*execution*/, const wifi_options& options) {
  const environment world = environment_create(options);
  debugfs::debugfs_remove(debugfs::debugfs_create_automount(
      "tracing", world.sb->s_root, [](debugfs::dentry* dentry, void* /*data*/) { return dentry; },
      nullptr));
  environment_destroy(world);
}

// As scenarios are explored: what races becomes a scheduling point.
heddle::ExplorationResult Search(Environment environment, const wifi_options& options) {
  return heddle::Explore(
      {.bounds = {.preemptions = 1, .faults = 0}, .races = heddle::RacePolicy::kLocate},
      [&](Execution& execution) { environment(execution, options); });
}

TEST_CASE("the fixed version is clean in every environment") {
  for (const Environment environment : {InterfaceGoes, InterfaceGoesTwice, StationGoes, LinkGoes,
                                        FileIsUsedFirst, ReadersComeAndGo, AutomountGoes}) {
    const heddle::ExplorationResult result = Search(environment, variant("G4"));
    CHECK(result.failure() == nullptr);
    CHECK(result.exhausted);
  }
}

// ---- Edits

struct Edit {
  const char* what;
  void (*apply)(wifi_options* options);
  Environment environment;
  FailureKind kind;
  std::vector<std::string> objects;
};

const Edit kEdits[] = {
    {"the test in removal is inverted again",
     [](wifi_options* o) { o->debugfs.drain = debugfs::drain_form::INVERTED; },
     InterfaceGoes,
     FailureKind::kDeadlock,
     {"fsd->active_users_drained", "wiphy->mtx", "work.completion"}},
    {"the lock is dropped around cancel()",
     [](wifi_options* o) { o->debugfs.lock = debugfs::cancellations_lock::SPINLOCK; },
     InterfaceGoes,
     FailureKind::kStackUseAfterReturn,
     {"work"}},
    {"the fsdata is initialised once it is published",
     [](wifi_options* o) { o->debugfs.init = debugfs::fsdata_init::AFTER_CMPXCHG; },
     FileIsUsedFirst,
     FailureKind::kMisuse,
     {}},
    {"handlers may begin on a file that is unlinked",
     [](wifi_options* o) { o->debugfs.refuses_unlinked = false; },
     ReadersComeAndGo,
     FailureKind::kAssertion,
     {}},
    {"an automount's d_fsdata is its callback",
     [](wifi_options* o) { o->debugfs.automount = debugfs::automount_form::FUNCTION_POINTER; },
     AutomountGoes,
     FailureKind::kInvalidFree,
     {}},
    {"an interface's file takes wiphy->mtx",
     [](wifi_options* o) { o->netdev_files = handler_form::TAKES_MUTEX; },
     InterfaceGoes,
     FailureKind::kDeadlock,
     {"fsd->active_users_drained", "wiphy->mtx"}},
    {"an interface's file tries wiphy->mtx",
     [](wifi_options* o) { o->netdev_files = handler_form::TRIES_MUTEX; },
     InterfaceGoes,
     FailureKind::kInvariant,
     {}},
    {"a link's file takes wiphy->mtx",
     [](wifi_options* o) { o->link_files = handler_form::TAKES_MUTEX; },
     LinkGoes,
     FailureKind::kDeadlock,
     {"fsd->active_users_drained", "wiphy->mtx"}},
    {"agg_status takes wiphy->mtx",
     [](wifi_options* o) { o->agg_status = handler_form::TAKES_MUTEX; },
     StationGoes,
     FailureKind::kDeadlock,
     {"fsd->active_users_drained", "wiphy->mtx"}},
    {"files are removed without wiphy->mtx",
     [](wifi_options* o) { o->removal = removal_form::FILES_BEFORE_IT; },
     InterfaceGoes,
     FailureKind::kAssertion,
     {"wiphy->mtx"}},
    {"wiphy->mtx is dropped between choosing an interface and removing it",
     [](wifi_options* o) { o->removal = removal_form::DROPS_MUTEX; },
     InterfaceGoesTwice,
     FailureKind::kUseAfterFree,
     {"ieee80211_sub_if_data"}},
};

TEST_CASE("taking back any one part of the fix fails somewhere") {
  for (const Edit& edit : kEdits) {
    CAPTURE(std::string(edit.what));
    wifi_options options = variant("G4");
    edit.apply(&options);
    const heddle::ExplorationResult result = Search(edit.environment, options);
    REQUIRE(result.failure() != nullptr);
    const Failure& failure = *result.failure();
    CHECK(failure.kind == edit.kind);
    CHECK(failure.objects == edit.objects);
  }
}

}  // namespace
}  // namespace models::wifi
