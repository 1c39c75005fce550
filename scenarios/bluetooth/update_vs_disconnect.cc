// SPDX-License-Identifier: GPL-2.0-only
//
// The link is deleted before the queued callback runs.
//
//   rx worker:        request [queued]; disconnect: hci_conn_del
//   cmd_sync worker:                                              callback with the link's pointer
//
// Bug:    hci_conn_del cancels only entries whose data is the link itself: a callback that holds no
//         reference uses a freed link (R19), one that tests nothing sends for a link that is gone,
//         and one that does not test once more stores for it (R15).
// Expect: B3 without a reference is a use after free; with one, and in all other versions, the
//         memory is there.
//
// R15 needs an event that ends the wait, and a disconnection ends none: the wait runs out, and
// nothing is stored. It takes a new link with that handle (update_vs_reconnect_other_peer).

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateVsDisconnect(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("hardware", [=] {
    environment_deliver(world,
                        disconn_complete_event({.status = 0, .handle = kHandle, .reason = 0x13}));
  });
  execution.JoinAll();
}

static const heddle::ExpectedFinding b2n_invariant = {.bug = "B2n-invariant"};
static const heddle::ExpectedFinding b3_invariant = {.bug = "B3-invariant"};
static const heddle::ExpectedFinding b3_invariant_1p = {.bug = "B3-invariant", .preemptions = 1};
static const heddle::ExpectedFinding r2 = {.bug = "R2", .preemptions = 1};
static const heddle::ExpectedFinding r12 = {.bug = "R12", .preemptions = 1};
static const heddle::ExpectedFinding r19 = {.bug = "R19"};

static const std::vector<heddle::NamedVariant> table = {
    {"B2n", 6707, {b2n_invariant}, {"R15", "R19"}},
    {"B2", 6004, {r2}, {"B2n-invariant", "R15", "R19"}},
    {"B3", 7965, {b3_invariant}, {"R15", "R19"}},
    {"B3-noref", 6584, {b3_invariant_1p, r19}, {"R15"}},
    {"B5-norecheck", 15751, {r12}, {"B3-invariant", "R15", "R19"}},
    {"B5f", 16040, {r12}, {"B3-invariant", "R15", "R19"}},
    {"B-ideal", 6253, {}, {"B2n-invariant", "B3-invariant", "R15", "R19"}},
};

static const bool update_vs_disconnect = heddle::Register<update_options>({
    .name = "bluetooth/update_vs_disconnect",
    .story = "The link goes while its update is queued.",
    .body = UpdateVsDisconnect,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
