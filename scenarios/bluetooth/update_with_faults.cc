// SPDX-License-Identifier: GPL-2.0-only
//
// One request, one link, and memory that may run out, twice at most.
//
//   rx worker:  allocate data, response; answer; queue entry    cmd_sync worker: command; notice
//
// Bug:    an allocation that fails after ACCEPTED was sent is never reported to the peer (R1, R13);
//         the command's own failure is ignored, but the values are stored and told (R6); without
//         the response's buffer nobody is answered (R7).
// Expect: every version but B-ideal breaks its promise with one fault and no preemption.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void UpdateWithFaults(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_let_requests_fail();
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.JoinAll();
}

static const heddle::ExpectedFinding late_data = {.bug = "B1-invariant", .faults = 1};
static const heddle::ExpectedFinding r1 = {.bug = "R1", .faults = 1};
static const heddle::ExpectedFinding r6 = {.bug = "R6", .faults = 1};
static const heddle::ExpectedFinding r7 = {.bug = "R7", .faults = 1};
static const heddle::ExpectedFinding r13 = {.bug = "R13", .faults = 1};
static const heddle::ExpectedFinding r14 = {.bug = "R14", .faults = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 187, {r6, r7}, {"R1", "R13"}},
    {"B1", 821, {late_data, r1, r6, r7}, {"R13"}},
    {"B2n", 821, {r1, r6, r7}, {"R13", "B1-invariant"}},
    {"B2", 821, {r1, r6, r7}, {"R13", "B1-invariant"}},
    {"B3", 1031, {r13, r6, r7}, {"R1"}},
    {"B3-noref", 742, {r13, r6, r7}, {"R1"}},
    {"B3-nocmp", 1031, {r13, r6, r7}, {"R1"}},
    {"B3-noref-nocmp", 742, {r13, r6, r7}, {"R1"}},
    {"B4", 8403, {r13, r14, r7}, {"R1", "R6"}},
    {"B5", 8403, {r13, r14, r7}, {"R1", "R6"}},
    {"B5-norecheck", 8403, {r13, r14, r7}, {"R1", "R6"}},
    {"B5f", 8403, {r13, r14, r7}, {"R1", "R6"}},
    {"B0+F2", 187, {r6, r7}, {"R1", "R13"}},
    {"B2+F2", 821, {r1, r6, r7}, {"R13", "B1-invariant"}},
    {"B2x", 1119, {r1, r6, r7}, {"R13", "B1-invariant"}},
    {"B-ideal", 977, {}, {"R1", "R6", "R7", "R13", "R14", "B1-invariant"}},
};

static const bool update_with_faults = heddle::Register<update_options>({
    .name = "bluetooth/update_with_faults",
    .story = "Each allocation on the way of a request may fail.",
    .body = UpdateWithFaults,
    .bounds = {.preemptions = 2, .faults = 2},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
