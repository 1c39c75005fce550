// SPDX-License-Identifier: GPL-2.0-only
//
// A driver's own use of cancellations: a handler waits for firmware, and the driver goes.
//
//   handler:   queues a request  ->  enters the cancellation  ->  waits  ->  leaves it, returns
//   remover:   unlinks           ->  cancel() of each handler            ->  waits until none is
//   left
//
// Bug:    a lock that is dropped around cancel() lets the handler's frame die under it (the RFC);
//         one that is held during cancel() forbids cancel() to wait for the handler (P9).
// Expect: G1t uses a dead frame, G4 does not; with P9's cancel() G4 deadlocks.

#include "heddle/testing/scenario.h"
#include "models/debugfs/firmware_driver.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"

namespace models::debugfs {

static void FirmwareRequests(heddle::Execution& execution, const firmware_options& options) {
  const firmware_world world = firmware_world_create(options, {.request = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  execution.Spawn("cat", [=] { user_reads(world.dir, "request"); });
  execution.Spawn("rmmod", [=] { firmware_remove(world.device); });
  execution.JoinAll();
  firmware_world_destroy(world);
}

static constexpr debugfs_options kUnlockedCancel = {.lock = cancellations_lock::SPINLOCK};

static const bool firmware_requests = heddle::Register<firmware_options>({
    .name = "debugfs/firmware_requests",
    .story = "A driver goes while a handler of its file waits for firmware.",
    .body = FirmwareRequests,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants =
        {
            {.id = "G4",
             .options = {},
             .executions = 3198,
             .decides = {"P9", "G1t-stack-use-after-return"}},
            {.id = "G4-looks",
             .options = {.cancel = cancel_form::LOOKS_AFTER_COMPLETE},
             .executions = 3198,
             .decides = {"P9", "G1t-stack-use-after-return"}},
            {.id = "G4-waits",
             .options = {.cancel = cancel_form::WAITS_FOR_HANDLER},
             .executions = 2179,
             .findings = {{.bug = "P9"}},
             .decides = {"G1t-stack-use-after-return"}},
            {.id = "G1t",
             .options = {.debugfs = kUnlockedCancel},
             .executions = 3971,
             .findings = {{.bug = "G1t-stack-use-after-return", .preemptions = 1}},
             .decides = {"P9"}},
            {.id = "G1t-looks",
             .options = {.debugfs = kUnlockedCancel, .cancel = cancel_form::LOOKS_AFTER_COMPLETE},
             .executions = 4094,
             .findings = {{.bug = "G1t-stack-use-after-return", .preemptions = 1}},
             .decides = {"P9"}},
            {.id = "G1t-waits",
             .options = {.debugfs = kUnlockedCancel, .cancel = cancel_form::WAITS_FOR_HANDLER},
             .executions = 4351,
             .findings = {{.bug = "G1t-stack-use-after-return", .preemptions = 1}},
             .decides = {"P9"},
             .note = "cancel() may wait for the handler where no lock is held around it"},
        },
});

}  // namespace models::debugfs
