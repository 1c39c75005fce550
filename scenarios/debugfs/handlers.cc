// SPDX-License-Identifier: GPL-2.0-only
//
// What handlers must not do, in the fixed version: what debugfs leaves to its users.
//
//   self_removal    a handler removes its own file, and waits for itself
//   same_directory  a handler makes a file where its own is removed: i_rwsem against the drain
//   late_release    release runs after removal, and looks at what was freed
//
// Bug:    P2, P3, P5: rules of debugfs that nothing enforces.
// Expect: each has a form that breaks the rule and fails, and one that keeps it and does not.

#include "heddle/testing/scenario.h"
#include "models/debugfs/firmware_driver.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"

namespace models::debugfs {

// ---- P2

static void SelfRemoval(heddle::Execution& execution, const firmware_options& options) {
  const firmware_world world = firmware_world_create(options, {.unbind = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  execution.Spawn("echo", [=] { user_writes(world.dir, "unbind", "1"); });
  execution.JoinAll();
  firmware_remove(world.device);
  firmware_world_destroy(world);
}

static const bool self_removal = heddle::Register<firmware_options>({
    .name = "debugfs/self_removal",
    .story = "Writing a file has it removed.",
    .body = SelfRemoval,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants =
        {
            {.id = "by-handler",
             .options = {.unbind = unbind_form::BY_HANDLER},
             .executions = 1,
             .findings = {{.bug = "P2"}}},
            {.id = "by-firmware",
             .options = {.unbind = unbind_form::BY_FIRMWARE},
             .executions = 41,
             .findings = {{.bug = "P2"}}},
            {.id = "by-work",
             .options = {.unbind = unbind_form::BY_WORK},
             .executions = 45,
             .decides = {"P2"}},
        },
});

// ---- P3

static void SameDirectory(heddle::Execution& execution, const firmware_options& options) {
  const firmware_world world = firmware_world_create(options, {.entry = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  execution.Spawn("echo", [=] { user_writes(world.dir, "entry", "1"); });
  execution.Spawn("rmmod", [=] { firmware_remove(world.device); });
  execution.JoinAll();
  firmware_world_destroy(world);
}

static const bool same_directory = heddle::Register<firmware_options>({
    .name = "debugfs/same_directory",
    .story = "A handler makes an entry while its own file is removed.",
    .body = SameDirectory,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants =
        {
            {.id = "same",
             .options = {.entry = entry_form::SAME_DIRECTORY},
             .executions = 363,
             .findings = {{.bug = "P3", .preemptions = 1}}},
            {.id = "other",
             .options = {.entry = entry_form::OTHER_DIRECTORY},
             .executions = 393,
             .decides = {"P3"}},
        },
});

// ---- P5

static void LateRelease(heddle::Execution& execution, const firmware_options& options) {
  const firmware_world world = firmware_world_create(options, {.state = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  execution.Spawn("cat", [=] { user_reads(world.dir, "state"); });
  execution.Spawn("rmmod", [=] { firmware_remove(world.device); });
  execution.JoinAll();
  HEDDLE_ENSURE(atomic_read(&world.module->owner.refcnt) == 0);
  firmware_world_destroy(world);
}

static const bool late_release = heddle::Register<firmware_options>({
    .name = "debugfs/late_release",
    .story = "A file is closed after it was removed, and its object freed.",
    .body = LateRelease,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants =
        {
            {.id = "device",
             .options = {.release = release_form::DEVICE},
             .executions = 412,
             .findings = {{.bug = "P5", .preemptions = 1}}},
            {.id = "nothing",
             .options = {.release = release_form::NOTHING},
             .executions = 342,
             .decides = {"P5"}},
        },
});

}  // namespace models::debugfs
