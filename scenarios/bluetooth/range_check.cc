// SPDX-License-Identifier: GPL-2.0-only
//
// The range of the values that a peer may ask for, looked at whole.
//
//   any task:  hci_check_conn_params(min, max, latency, timeout) == 0  ->  values in range?
//
// Bug:    max_latency is a u16 that wraps where the interval is long for the timeout: B6, in every
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

static heddle::Variant<update_options> Broken(const char* id) {
  return {.id = id, .options = variant(id), .executions = 1, .findings = {{.bug = "B6"}}};
}

static update_options Exactly() {
  update_options options = variant("B5f");
  options.checks_range_exactly = true;
  return options;
}

static const bool range_check = heddle::Register<update_options>({
    .name = "bluetooth/range_check",
    .story = "Every maximum and timeout, with each latency at which an answer can change.",
    .body = RangeCheck,
    .bounds = {.preemptions = 0, .faults = 0},
    .variants =
        {
            Broken("B0"),
            Broken("B1"),
            Broken("B2n"),
            Broken("B2"),
            Broken("B3"),
            Broken("B3-noref"),
            Broken("B3-nocmp"),
            Broken("B3-noref-nocmp"),
            Broken("B4"),
            Broken("B5"),
            Broken("B5-norecheck"),
            Broken("B5f"),
            Broken("B0+F2"),
            Broken("B2+F2"),
            Broken("B2x"),
            Broken("B-ideal"),
            {.id = "exact", .options = Exactly(), .executions = 1, .decides = {"B6"}},
        },
});

}  // namespace models::bluetooth
