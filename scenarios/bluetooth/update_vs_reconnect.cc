// SPDX-License-Identifier: GPL-2.0-only
//
// The link is replaced by another one with the same handle while an update of it is on its way.
//
//   rx worker:        request of link 1 [queued]; disconnect, connect: link 2 has the handle
//   cmd_sync worker:                                                   command with link 1's values
//
// Bug:    between the test of the link and the command the handle changes hands (R2, R12); the test
//         compares the address only (R16), or finds an equal link (R3); versions without a test
//         never notice. Without a second test the values are stored for a link that is gone (R15).
// Expect: every version but B-ideal sends a command to a link that never asked.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

// The link goes, and the controller gives its handle to the next one.
static void Reconnect(heddle::Execution& execution, const update_options& options,
                      const link_spec& second) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  environment_add_params(world, kOtherPeer, ADDR_LE_DEV_RANDOM);
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("hardware", [=] {
    environment_deliver(world,
                        disconn_complete_event({.status = 0, .handle = kHandle, .reason = 0x13}));
    environment_deliver(world, le_conn_complete_event({.status = 0,
                                                       .link_type = second.type,
                                                       .handle = kHandle,
                                                       .role = HCI_ROLE_MASTER,
                                                       .bdaddr_type = second.peer_type,
                                                       .bdaddr = second.peer,
                                                       .interval = 24,
                                                       .latency = 0,
                                                       .supervision_timeout = 42}));
  });
  execution.JoinAll();
}

static void OtherPeer(heddle::Execution& execution, const update_options& options) {
  Reconnect(execution, options, {.peer = kOtherPeer});
}

static void SamePeer(heddle::Execution& execution, const update_options& options) {
  Reconnect(execution, options, {});
}

static void OtherType(heddle::Execution& execution, const update_options& options) {
  Reconnect(execution, options, {.peer_type = ADDR_LE_DEV_PUBLIC});
}

static const heddle::ExpectedFinding b2n_invariant = {.bug = "B2n-invariant"};
static const heddle::ExpectedFinding b3_invariant = {.bug = "B3-invariant"};
static const heddle::ExpectedFinding b3_invariant_1p = {.bug = "B3-invariant", .preemptions = 1};
static const heddle::ExpectedFinding r2 = {.bug = "R2", .preemptions = 1};
static const heddle::ExpectedFinding r3 = {.bug = "R3"};
static const heddle::ExpectedFinding r12 = {.bug = "R12", .preemptions = 1};
static const heddle::ExpectedFinding r15 = {.bug = "R15"};
static const heddle::ExpectedFinding r16 = {.bug = "R16"};
static const heddle::ExpectedFinding r18 = {.bug = "R18"};
static const heddle::ExpectedFinding r19 = {.bug = "R19"};

// With two preemptions a row of the first and the last table has 13393 (B2) to 31880 executions
// (B5f) instead, takes 2 to 4 seconds, and finds the same.
static const std::vector<heddle::NamedVariant> other_peer = {
    {"B1", 478, {b2n_invariant}, {"R2", "R12", "R15"}},
    {"B2n", 478, {b2n_invariant}, {"R2", "R12", "R15"}},
    {"B2", 432, {r2}, {"B2n-invariant", "R12", "R15"}},
    {"B3", 507, {b3_invariant, r18}, {"R2", "R12", "R15"}},
    {"B3-noref", 442, {b3_invariant_1p, r18, r19}, {"R2", "R12", "R15"}},
    {"B3-nocmp", 507, {b3_invariant, r18}, {"R2", "R12", "R15"}},
    {"B3-noref-nocmp", 442, {b3_invariant_1p, r18, r19}, {"R2", "R12", "R15"}},
    {"B4", 740, {r12, r15}, {"B3-invariant", "R2"}},
    {"B5", 740, {r12}, {"B3-invariant", "R2", "R15"}},
    {"B5-norecheck", 740, {r12, r15}, {"B3-invariant", "R2"}},
    {"B5f", 746, {r12}, {"B3-invariant", "R2", "R15"}},
    {"B2+F2", 432, {r2}, {"B2n-invariant", "R12", "R15"}},
    {"B2x", 457, {r2}, {"B2n-invariant", "R12", "R15"}},
    {"B-ideal", 441, {}, {"B2n-invariant", "B3-invariant", "R2", "R12", "R15"}},
};

static const bool update_vs_reconnect_other_peer = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_reconnect_other_peer",
    .story = "The link's handle goes to another peer.",
    .body = OtherPeer,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, other_peer),
});

static const std::vector<heddle::NamedVariant> same_peer = {
    {"B2", 15018, {r2, r3}},
    {"B5f", 31880, {r12}, {"R3"}},
    {"B-ideal", 13785, {}, {"R3"}},
};

static const bool update_vs_reconnect_same_peer = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_reconnect_same_peer",
    .story = "The same peer reconnects and gets the same handle.",
    .body = SamePeer,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, same_peer),
});

static const std::vector<heddle::NamedVariant> other_type = {
    {"B2n", 478, {b2n_invariant}, {"R15", "R16"}},
    {"B2", 458, {r2, r16}, {"B2n-invariant", "R15"}},
    {"B3", 507, {b3_invariant, r18}, {"R15", "R16"}},
    {"B4", 740, {r12, r15}, {"B3-invariant", "R16"}},
    {"B5", 740, {r12}, {"B3-invariant", "R15", "R16"}},
    {"B5f", 746, {r12}, {"B3-invariant", "R15", "R16"}},
    {"B-ideal", 441, {}, {"B2n-invariant", "B3-invariant", "R15", "R16"}},
};

static const bool update_vs_reconnect_other_type = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_reconnect_other_type",
    .story = "A link with the same address but another address type gets the handle.",
    .body = OtherType,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, other_type),
});

}  // namespace models::bluetooth
