// SPDX-License-Identifier: GPL-2.0-only
//
// Another command is sent between the update and its confirmation.
//
//   cmd_sync worker:  LE Connection Update
//   user:             another command: sent_cmd is that one now
//   rx worker:        update complete: with which values?
//
// Bug:    v3 takes the values to store from the last command sent; if that is another one nothing
//         is stored, and user space is not told (R17).
// Expect: every form of B3 fails with one preemption; the versions that remember the values hold.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsOtherCommand(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("bluetoothd", [=] {
    const hci_cp_le_read_remote_features cp = {.handle = kHandle};
    hci_send_cmd(world.hdev, HCI_OP_LE_READ_REMOTE_FEATURES, sizeof(cp), &cp);
  });
  execution.JoinAll();
}

static const heddle::ExpectedFinding r17 = {.bug = "R17", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 138, {}, {"R17"}},      {"B2", 638, {}, {"R17"}},  {"B3", 694, {r17}},
    {"B3-noref", 623, {r17}},      {"B3-nocmp", 694, {r17}},  {"B3-noref-nocmp", 623, {r17}},
    {"B4", 1669, {}, {"R17"}},     {"B5", 1669, {}, {"R17"}}, {"B5f", 1669, {}, {"R17"}},
    {"B-ideal", 625, {}, {"R17"}},
};

static const bool update_vs_other_command = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_other_command",
    .story = "A user sends another command while the update is on its way.",
    .body = UpdateVsOtherCommand,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
