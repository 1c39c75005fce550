// SPDX-License-Identifier: GPL-2.0-only
//
// What the protection itself has to hold against: no memory, and users that come and come.
//
//   without_memory  each allocation of opening and reading fails: nothing is left behind
//   reader_stream   users open and read again and again while the file is removed
//
// Bug:    P6, P7: points where an error path, or a test that came too late, would show.
// Expect: clean; without the test of the unlinked dentry, users are let in after the unlinking.

#include "heddle/testing/scenario.h"
#include "models/debugfs/firmware_driver.h"
#include "models/debugfs/ghost.h"
#include "models/debugfs/invariants.h"
#include "models/debugfs/user.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::debugfs {

// ---- P6

static void use_state(const firmware_world& world) {
  const ssize_t result = user_reads(world.dir, "state");
  HEDDLE_ENSURE(result == 2 || result == -ENOMEM);
}

// Two users, each of whom may run out of memory, and one who does not and must succeed.
static void WithoutMemory(heddle::Execution& execution, const firmware_options& options) {
  const firmware_world world = firmware_world_create(options, {.state = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  kernel::slab_faults_at({"debugfs_fsdata", "file_operations"});
  for (const char* name : {"cat", "less"}) execution.Spawn(name, [=] { use_state(world); });
  execution.JoinAll();
  kernel::slab_faults_nowhere();
  HEDDLE_ENSURE(atomic_read(&world.module->owner.refcnt) == 0);
  HEDDLE_ENSURE(user_reads(world.dir, "state") == 2);
  firmware_remove(world.device);
  firmware_world_destroy(world);
}

static const bool without_memory = heddle::Register<firmware_options>({
    .name = "debugfs/without_memory",
    .story = "Users open and read a file for which there may be no memory.",
    .body = WithoutMemory,
    .bounds = {.preemptions = 2, .faults = 2},
    .variants = {{.id = "G4", .options = {}, .executions = 1702, .decides = {"P6"}}},
});

// ---- P7

static void remove_while_read(const firmware_world& world) {
  const ghost_log* log = world.sb->ghost;
  firmware_remove(world.device);
  HEDDLE_ENSURE(log->files[0].handlers_let_in_unlinked == 0);
}

static void ReaderStream(heddle::Execution& execution, const firmware_options& options) {
  const firmware_world world = firmware_world_create(options, {.state = true});
  add_invariants(execution, heddle::CheckedAt::kEnd, *world.sb->ghost);
  file* file = user_open(world.dir, "state");
  for (const char* name : {"cat", "less"}) {
    execution.Spawn(name, [=] {
      for (int i = 0; i < 2; ++i) user_read(file);
    });
  }
  execution.Spawn("rmmod", [=] { remove_while_read(world); });
  execution.JoinAll();
  user_close(file);
  firmware_world_destroy(world);
}

static const bool reader_stream = heddle::Register<firmware_options>({
    .name = "debugfs/reader_stream",
    .story = "Users read an open file again and again while it is removed.",
    .body = ReaderStream,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants =
        {
            {.id = "G4", .options = {}, .executions = 5248, .decides = {"P7"}},
            {.id = "G4-lets-in",
             .options = {.debugfs = {.refuses_unlinked = false}},
             .executions = 4462,
             .findings = {{.bug = "P7", .preemptions = 1}}},
        },
});

}  // namespace models::debugfs
