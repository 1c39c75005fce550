// SPDX-License-Identifier: GPL-2.0-only
//
// The peer's address is rewritten while an update of its link is on its way.
//
//   rx worker:        request noted with the private address ... smp_notify_keys: hcon->dst =
//   identity cmd_sync worker:                                             compares addresses: they
//   differ
//
// Bug:    an accepted request is dropped because the address it noted is no longer the link's (R4);
// the address is
//         read under hdev->lock and written under conn->lock (R5).
// Expect: versions that compare addresses drop the request; B-ideal compares the link object and
// holds.

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

static const bool update_vs_identity = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_identity",
    .story = "The peer tells its identity address right after its request.",
    .body = UpdateVsIdentity,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants =
        {
            {.id = "B0", .options = variant("B0"), .executions = 7, .decides = {"R4"}},
            {.id = "B1", .options = variant("B1"), .executions = 25, .decides = {"R4"}},
            {.id = "B2n", .options = variant("B2n"), .executions = 25, .decides = {"R4"}},
            {.id = "B2", .options = variant("B2"), .executions = 22, .findings = {{.bug = "R4"}}},
            {.id = "B3", .options = variant("B3"), .executions = 28, .decides = {"R4"}},
            {.id = "B3-noref", .options = variant("B3-noref"), .executions = 25, .decides = {"R4"}},
            {.id = "B3-nocmp", .options = variant("B3-nocmp"), .executions = 28, .decides = {"R4"}},
            {.id = "B3-noref-nocmp",
             .options = variant("B3-noref-nocmp"),
             .executions = 25,
             .decides = {"R4"}},
            {.id = "B4", .options = variant("B4"), .executions = 40, .decides = {"R4"}},
            {.id = "B5", .options = variant("B5"), .executions = 40, .decides = {"R4"}},
            {.id = "B5-norecheck",
             .options = variant("B5-norecheck"),
             .executions = 40,
             .decides = {"R4"}},
            {.id = "B5f", .options = variant("B5f"), .executions = 40, .decides = {"R4"}},
            {.id = "B0+F2", .options = variant("B0+F2"), .executions = 7, .decides = {"R4"}},
            {.id = "B2+F2",
             .options = variant("B2+F2"),
             .executions = 22,
             .findings = {{.bug = "R4"}}},
            {.id = "B2x", .options = variant("B2x"), .executions = 22, .findings = {{.bug = "R4"}}},
            {.id = "B-ideal", .options = variant("B-ideal"), .executions = 25, .decides = {"R4"}},
        },
});

}  // namespace models::bluetooth
