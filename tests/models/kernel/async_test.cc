// SPDX-License-Identifier: MIT
//
// The rules of async_schedule.

#include "models/kernel/async.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

struct Call {
  heddle::Atomic<int> at{0, "at"};
  heddle::Mutex lock{"dev->mutex"};
  bool takes_lock = false;
  bool synchronizes = false;
  async_cookie_t cookie = 0;
  heddle::TaskId task = heddle::kNoTask;
  int ended = 0;
};

void Probe(void* data, async_cookie_t cookie) {
  auto* self = static_cast<Call*>(data);
  self->task = Execution::Current().running().id;
  self->cookie = cookie;
  self->at.load();
  if (self->takes_lock) {
    self->lock.Lock();
    self->lock.Unlock();
  }
  if (self->synchronizes) async_synchronize_full();
  ++self->ended;
}

TEST_CASE("a scheduled call runs once, on a worker, with its number") {
  const ExplorationResult result = Search([](Execution& execution) {
    Call c;
    const async_cookie_t cookie = async_schedule(Probe, &c);
    execution.JoinAll();
    HEDDLE_ENSURE(c.ended == 1);
    HEDDLE_ENSURE(c.cookie == cookie);
    HEDDLE_ENSURE(c.task != heddle::kBodyTask);
    HEDDLE_ENSURE(async_schedule(Probe, &c) > cookie);
    execution.JoinAll();
  });
  CheckClean(result);
}

TEST_CASE("without memory a call runs at once in the caller") {
  Seen where;
  const ExplorationResult result = Search(
      [&](Execution& execution) {
        Call c;
        async_schedule(Probe, &c);
        const bool is_inline = c.task == heddle::kBodyTask;
        if (is_inline) HEDDLE_ENSURE(c.ended == 1);
        where.Add(is_inline ? 1 : 0);
        execution.JoinAll();
        HEDDLE_ENSURE(c.ended == 1);
      },
      1, 1);
  CheckClean(result);
  CHECK(where == Seen::Of(0, 1));
}

TEST_CASE("without memory a call under a lock that it takes is a recursive deadlock") {
  const ExplorationResult result = Search(
      [](Execution& execution) {
        Call c;
        c.takes_lock = true;
        c.lock.Lock();
        async_schedule(Probe, &c);
        c.lock.Unlock();
        execution.JoinAll();
      },
      1, 1);
  CheckFailure(result, FailureKind::kRecursiveDeadlock, {"dev->mutex"}, {"main"});
  CHECK(result.findings[0].faults == 1);
}

TEST_CASE("async_synchronize_full waits for all calls that were scheduled before") {
  const ExplorationResult result = Search([](Execution& execution) {
    Call a;
    Call b;
    async_schedule(Probe, &a);
    async_schedule(Probe, &b);
    async_synchronize_full();
    HEDDLE_ENSURE(a.ended == 1);
    HEDDLE_ENSURE(b.ended == 1);
    execution.JoinAll();
  });
  CheckClean(result);
}

TEST_CASE("async_synchronize_cookie waits for the calls before that number only") {
  Seen later;
  const ExplorationResult result = Search([&](Execution& execution) {
    Call a;
    Call b;
    async_schedule(Probe, &a);
    const async_cookie_t second = async_schedule(Probe, &b);
    async_synchronize_cookie(second);
    HEDDLE_ENSURE(a.ended == 1);
    later.Add(b.ended);
    execution.JoinAll();
  });
  CheckClean(result);
  CHECK(later == Seen::Of(0, 1));
}

TEST_CASE("synchronizing under a lock that a call takes is a deadlock") {
  const ExplorationResult result = Search([](Execution& execution) {
    Call c;
    c.takes_lock = true;
    async_schedule(Probe, &c);
    c.lock.Lock();
    async_synchronize_full();
    c.lock.Unlock();
    execution.JoinAll();
  });
  CheckFailure(result, FailureKind::kDeadlock, {"async calls", "dev->mutex"},
               {"main", "kworker/events_unbound:1"});
}

TEST_CASE("a call that waits for all calls waits for itself") {
  const ExplorationResult result = Search([](Execution& execution) {
    Call c;
    c.synchronizes = true;
    async_schedule(Probe, &c);
    execution.JoinAll();
  });
  CheckFailure(result, FailureKind::kRecursiveDeadlock, {"async calls"},
               {"kworker/events_unbound:1"});
}

}  // namespace
}  // namespace models::kernel
