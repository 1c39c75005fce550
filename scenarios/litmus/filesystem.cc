// SPDX-License-Identifier: MIT
//
// Tasks allocate disk blocks for inodes, each guarded by its own lock.
//
//   task i:  lock inode i mod 32; if it has no block: search from block (i * 2) mod 26, lock each
//            block in turn, take the first that is not busy
//
// Bug:    none is asserted; a benchmark of partial-order reduction (Flanagan, Godefroid, POPL
// 2005):
//         up to thirteen tasks never meet.
// Expect: default (14 tasks) is clean in the first 10000 schedules; the plain space is far too
// large.

#include <array>

#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct Nothing {};

static constexpr size_t kInodes = 32;
static constexpr size_t kBlocks = 26;

struct Disk {
  std::array<heddle::Mutex, kInodes> inode_locks;
  std::array<heddle::Mutex, kBlocks> block_locks;
  std::array<size_t, kInodes> inodes = {};
  std::array<bool, kBlocks> busy = {};
};

static void AllocateBlock(Disk* disk, size_t task) {
  const size_t i = task % kInodes;
  disk->inode_locks[i].Lock();
  if (disk->inodes[i] == 0) {
    size_t b = (i * 2) % kBlocks;
    bool found = false;
    while (!found) {
      disk->block_locks[b].Lock();
      found = !disk->busy[b];
      if (found) {
        disk->busy[b] = true;
        disk->inodes[i] = b + 1;
      }
      disk->block_locks[b].Unlock();
      b = (b + 1) % kBlocks;
    }
  }
  disk->inode_locks[i].Unlock();
}

static void Filesystem(heddle::Execution& execution, const Nothing& /*options*/) {
  const int64_t tasks = execution.Parameter("tasks");
  Disk disk;
  for (int64_t t = 0; t < tasks; ++t) {
    execution.Spawn("writer", [&disk, t] { AllocateBlock(&disk, static_cast<size_t>(t)); });
  }
  execution.JoinAll();
}

static const bool filesystem = heddle::Register<Nothing>({
    .name = "litmus/filesystem",
    .story = "Tasks take disk blocks for inodes, each under its own lock.",
    .body = Filesystem,
    .bounds = {.preemptions = 0, .faults = 0},
    .parameters = {{"tasks", {14, 1, 64}}},
    .variants = {{.id = "default",
                  .options = {},
                  .executions = 10'000,
                  .exhausted = false,
                  .note = "there are 14! orders of the tasks alone"}},
});

}  // namespace scenarios
