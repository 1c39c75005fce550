// SPDX-License-Identifier: GPL-2.0-only
//
// The event that ends the wait for the update is not the one that was waited for.
//
//   cmd_sync worker:  command of link 1; waits for an event with that code
//   hardware:         update complete, with the status and the handle that it likes
//
// Bug:    the wait looks neither at the status nor at the handle of the event: what was asked for
//         is stored although it did not happen (R11). v3 without a comparison of handles takes
//         another link's values (R18).
// Expect: versions that wait store and tell what the controller refused; B-ideal stores what the
//         event confirms.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateCompletedOtherwise(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  environment_connect(world, {.handle = kOtherHandle, .peer = kOtherPeer});
  world.hardware->rules.update_status = {.values = {0, HCI_ERROR_UNACCEPTABLE_CONN_PARAM},
                                         .count = 2};
  world.hardware->rules.update_handle = {.values = {0, kOtherHandle}, .count = 2};
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.JoinAll();
}

static const heddle::ExpectedFinding r11 = {.bug = "R11"};
static const heddle::ExpectedFinding r18 = {.bug = "R18"};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 178, {}, {"R11", "R18"}},        {"B1", 1096, {}, {"R11", "R18"}},
    {"B2n", 1096, {}, {"R11", "R18"}},      {"B2", 1096, {}, {"R11", "R18"}},
    {"B3", 1402, {}, {"R11", "R18"}},       {"B3-noref", 1048, {}, {"R11", "R18"}},
    {"B3-nocmp", 1402, {r18}, {"R11"}},     {"B3-noref-nocmp", 1048, {r18}, {"R11"}},
    {"B4", 2988, {r11}, {"R18"}},           {"B5", 2988, {r11}, {"R18"}},
    {"B5-norecheck", 2988, {r11}, {"R18"}}, {"B5f", 2988, {r11}, {"R18"}},
    {"B0+F2", 178, {}, {"R11", "R18"}},     {"B2+F2", 1096, {}, {"R11", "R18"}},
    {"B2x", 1450, {}, {"R11", "R18"}},      {"B-ideal", 1112, {}, {"R11", "R18"}},
};

static const bool update_completed_otherwise = heddle::Register<update_options>({
    .name = "bluetooth/update_completed_otherwise",
    .story = "The controller completes the update with another status or handle.",
    .body = UpdateCompletedOtherwise,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
