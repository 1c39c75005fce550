// SPDX-License-Identifier: GPL-2.0-only
//
// The peer's address is rewritten while an update of its link is on its way.
//
//   rx worker:        request, notes the private address; smp_notify_keys: hcon->dst = identity
//   cmd_sync worker:                                       compares the addresses: they differ
//
// Bug:    an accepted request is dropped because the address it noted is no longer the link's (R4);
//         the address is read under hdev->lock and written under conn->lock (R5).
// Expect: versions that compare addresses drop the request; those and the ones that copy the
//         address for later race with the writer. B-ideal compares the link object, reads the
//         address where it is written, and holds.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsIdentity(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {.peer = kPrivateAddress});
  environment_add_params(world, kPeer, ADDR_LE_DEV_PUBLIC);
  add_invariants(execution, heddle::CheckedAt::kEnd, world,
                 {.b1 = true, .b2 = true, .b5 = true, .b7 = true});
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams),
                              identity_address_frame(kHandle, kPeer, ADDR_LE_DEV_PUBLIC)});
  execution.JoinAll();
}

static const heddle::ExpectedFinding b5_data_race = {.bug = "B5-data-race", .preemptions = 2};
static const heddle::ExpectedFinding r4 = {.bug = "R4"};
static const heddle::ExpectedFinding r5 = {.bug = "R5"};
static const heddle::ExpectedFinding r5_1p = {.bug = "R5", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 46, {}, {"R4", "R5"}},
    {"B1", 329, {}, {"R4", "R5"}},
    {"B2n", 329, {}, {"R4", "R5"}},
    {"B2", 225, {r4, r5_1p}},
    {"B3", 404, {}, {"R4", "R5"}},
    {"B3-noref", 306, {}, {"R4", "R5"}},
    {"B3-nocmp", 404, {}, {"R4", "R5"}},
    {"B3-noref-nocmp", 306, {}, {"R4", "R5"}},
    {"B4", 1201, {r5}, {"R4"}},
    {"B5", 1194, {b5_data_race, r5}, {"R4"}},
    {"B5-norecheck", 1194, {b5_data_race, r5}, {"R4"}},
    {"B5f", 1194, {b5_data_race, r5}, {"R4"}},
    {"B0+F2", 46, {}, {"R4", "R5"}},
    {"B2+F2", 225, {r4, r5_1p}},
    {"B2x", 255, {r4, r5_1p}},
    {"B-ideal", 331, {}, {"R4", "R5"}},
};

static const bool update_vs_identity = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_identity",
    .story = "The peer tells its identity address right after its request.",
    .body = UpdateVsIdentity,
    .bounds = {.preemptions = 2, .faults = 0},
    .races = heddle::RacePolicy::kReport,
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
