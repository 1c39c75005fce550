// SPDX-License-Identifier: MIT
//
// A reader that takes a lock with writer preference twice.
//
//   reader:  lock shared;  ................  lock shared again
//   writer:                 wants exclusive
//
// Bug:    the queued writer waits for the reader, and the reader's second acquire waits behind the
//         writer.
// Expect: nested deadlocks with one preemption; one acquire (once) holds.

#include <shared_mutex>

#include "heddle/sync/shared_mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct ReaderOptions {
  bool locks_again = false;
};

static void ReaderWriter(heddle::Execution& execution, const ReaderOptions& options) {
  heddle::SharedMutex lock{"table.lock"};
  execution.Spawn("reader", [&] {
    const std::shared_lock outer(lock);
    if (options.locks_again) const std::shared_lock inner(lock);
  });
  execution.Spawn("writer", [&] {
    lock.lock();
    lock.unlock();
  });
  execution.JoinAll();
}

static const bool bugs = heddle::RegisterBugs(
    "classics",
    {{.id = "nested-deadlock",
      .kind = heddle::FailureKind::kDeadlock,
      .objects = {"table.lock"},
      .sentence = "a reader's second acquire queues behind a writer that waits for its first"}});

static const bool reader_writer = heddle::Register<ReaderOptions>({
    .name = "classics/reader_writer",
    .story = "A reader takes a lock with writer preference twice.",
    .body = ReaderWriter,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = {{.id = "nested",
                  .options = {.locks_again = true},
                  .executions = 3,
                  .findings = {{.bug = "nested-deadlock", .preemptions = 1}}},
                 {.id = "once", .options = {}, .executions = 2, .decides = {"nested-deadlock"}}},
});

}  // namespace scenarios
