// SPDX-License-Identifier: GPL-2.0-only
//
// Two users remove the interface at once.
//
//   remover:  [wiphy->mtx] chooses the interface  ->  removes its files  ->  [wiphy->mtx] frees it
//
// Bug:    the alternative that the author of the series rejected: between the two critical sections
//         the interface is anybody's.
// Expect: GE uses or frees it twice; claiming it first helps, and so does one critical section.

#include "heddle/testing/scenario.h"
#include "models/debugfs/invariants.h"
#include "models/wifi/environment.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

static void RemoveTwice(heddle::Execution& execution, const wifi_options& options) {
  const environment world = environment_create(options);
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  execution.Spawn("iw", [=] { nl80211_del_interface(world.local); });
  execution.Spawn("hostapd", [=] { nl80211_del_interface(world.local); });
  execution.JoinAll();
  environment_destroy(world);
}

static const heddle::ExpectedFinding used_twice = {.bug = "GE-use-after-free", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"GE", 510, {used_twice}},
    {"GE-claim", 40, {}, {"GE-use-after-free"}},
    {"G0", 2, {}, {"GE-use-after-free"}},
    {"G4", 2, {}, {"GE-use-after-free"}},
};

static const bool remove_twice = heddle::Register<wifi_options>({
    .name = "debugfs/remove_twice",
    .story = "Two users remove the same interface.",
    .body = RemoveTwice,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::wifi
