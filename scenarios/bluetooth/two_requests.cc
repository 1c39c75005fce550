// SPDX-License-Identifier: GPL-2.0-only
//
// Two requests of one link, one after the other.
//
//   rx worker:        request 1, request 2
//   cmd_sync worker:  command 1, command 2
//
// Bug:    none in the order of the requests: the queue is first in, first out (R10, clean). v3
//         takes the values of the second command for those of the first.
// Expect: the notices come in the order of the requests in every version.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void TwoRequests(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams),
                              update_request_frame(kHandle, 2, kSlowerParams)});
  execution.JoinAll();
}

static const heddle::ExpectedFinding b3_invariant = {.bug = "B3-invariant", .preemptions = 1};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 186, {}, {"R10"}},
    {"B1", 3468, {}, {"R10"}},
    {"B2", 3468, {}, {"R10"}},
    {"B3", 4138, {b3_invariant}, {"R10"}},
    {"B3-noref", 3292, {b3_invariant}, {"R10"}},
    {"B3-nocmp", 4138, {b3_invariant}, {"R10"}},
    {"B5", 2806, {}, {"R10", "B3-invariant"}},
    {"B5f", 2806, {}, {"R10", "B3-invariant"}},
    {"B-ideal", 3261, {}, {"R10", "B3-invariant"}},
};

static const bool two_requests = heddle::Register<update_options>({
    .name = "bluetooth/two_requests",
    .story = "A peer asks twice.",
    .body = TwoRequests,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
