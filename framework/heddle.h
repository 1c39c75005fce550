// SPDX-License-Identifier: MIT
//
// heddle: runs a concurrent program under every schedule that matters, and shows the one that
// fails. This header is all that a test needs.
//
//   #include <doctest/doctest.h>
//   #include "heddle/heddle.h"
//
//   TEST_CASE("no increment is lost") {
//     const auto body = [](heddle::Execution& execution) {
//       heddle::Atomic<int> hits{0};
//       for (int i = 0; i < 2; ++i) {
//         execution.Spawn("visitor", [&] { hits.store(hits.load() + 1); });
//       }
//       execution.JoinAll();
//       HEDDLE_ENSURE(hits.load() == 2);
//     };
//     HEDDLE_EXPECT_CLEAN(heddle::Explore({.bounds = {.preemptions = 2}}, body));
//   }
//
// The body runs once per schedule. heddle::Mutex and the others stand where std::mutex and the
// others stood: they satisfy the same interfaces, so a class that is a template over its mutex, or
// has an alias for it, compiles unchanged. docs/EMBEDDING.md shows a whole project.
//
// It needs neither a header of the kernel's nor anything under the GPL. doctest is needed only by
// HEDDLE_EXPECT_..., where one is used.

#pragma once

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "heddle/core/schedule.h"
#include "heddle/explore/explore.h"
#include "heddle/explore/options.h"
#include "heddle/explore/result.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/atomic_flag.h"
#include "heddle/sync/barrier.h"
#include "heddle/sync/clock.h"
#include "heddle/sync/completion.h"
#include "heddle/sync/condition_variable.h"
#include "heddle/sync/condition_variable_any.h"
#include "heddle/sync/latch.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/recursive_mutex.h"
#include "heddle/sync/semaphore.h"
#include "heddle/sync/shared.h"
#include "heddle/sync/shared_mutex.h"
#include "heddle/sync/spinlock.h"
#include "heddle/sync/thread.h"
#include "heddle/sync/wait_queue.h"
#include "heddle/testing/ensure.h"
#include "heddle/testing/expect.h"
#include "heddle/testing/test_report.h"
