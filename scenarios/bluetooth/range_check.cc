// SPDX-License-Identifier: GPL-2.0-only
//
// The range of the values that a peer may ask for, looked at whole.
//
//   any task:  hci_check_conn_params(min, max, latency, timeout) == 0  ->  values in range?
//
// Bug:    max_latency is a u16 that wraps where the interval is long for the timeout (B6): in every
//         version.
// Expect: every version accepts values that are out of range; the exact test accepts none.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void RangeCheck(heddle::Execution& execution, const update_options& options) {
  execution.AddInvariant(
      {"INV-B6", heddle::CheckedAt::kEnd, [exactly = options.checks_range_exactly] {
         return inv_b6({.checks_range_exactly = exactly});
       }});
}

static const heddle::ExpectedFinding b6 = {.bug = "B6"};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 1, {b6}},
    {"B1", 1, {b6}},
    {"B2n", 1, {b6}},
    {"B2", 1, {b6}},
    {"B3", 1, {b6}},
    {"B3-noref", 1, {b6}},
    {"B3-nocmp", 1, {b6}},
    {"B3-noref-nocmp", 1, {b6}},
    {"B4", 1, {b6}},
    {"B5", 1, {b6}},
    {"B5-norecheck", 1, {b6}},
    {"B5f", 1, {b6}},
    {"B0+F2", 1, {b6}},
    {"B2+F2", 1, {b6}},
    {"B2x", 1, {b6}},
    {"B-ideal", 1, {b6}},
    {"B5f+range", 1, {}, {"B6"}},
};

static const bool range_check = heddle::Register<update_options>({
    .name = "bluetooth/range_check",
    .story = "Every maximum and timeout, with each latency at which an answer can change.",
    .body = RangeCheck,
    .bounds = {.preemptions = 0, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
