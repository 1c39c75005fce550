// SPDX-License-Identifier: GPL-2.0-only
//
// Updates that nobody asked for arrive while one that was asked for is on its way.
//
//   cmd_sync worker:  command of link 1; waits
//   hardware:         update of link 2 complete
//
// Bug:    an update of another link ends the wait (R11), or is taken for the answer to the last
//         command (R18).
// Expect: only B-ideal ties the event to the link that waits.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsUnsolicited(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  environment_connect(world, {.handle = kOtherHandle, .peer = kOtherPeer});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("hardware", [=] {
    environment_deliver(world, update_complete_event({.status = 0,
                                                      .handle = kOtherHandle,
                                                      .interval = 40,
                                                      .latency = 0,
                                                      .supervision_timeout = 300}));
  });
  execution.JoinAll();
}

static const heddle::ExpectedFinding r11 = {.bug = "R11"};
static const heddle::ExpectedFinding r18 = {.bug = "R18"};

static const std::vector<heddle::NamedVariant> table = {
    {"B2", 6652, {}, {"R11", "R18"}},      {"B3", 7936, {}, {"R11", "R18"}},
    {"B3-nocmp", 7936, {r18}, {"R11"}},    {"B5f", 27200, {r11}, {"R18"}},
    {"B-ideal", 6749, {}, {"R11", "R18"}},
};

static const bool update_vs_unsolicited = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_unsolicited",
    .story = "The controller updates a link by itself meanwhile.",
    .body = UpdateVsUnsolicited,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
