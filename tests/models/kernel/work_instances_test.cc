// SPDX-License-Identifier: MIT
//
// Who is waited for behind a work item.

#include "models/kernel/work_instances.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "heddle/sync/mutex.h"
#include "models/kernel/completion.h"
#include "models/kernel/workqueue.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

struct Request {
  work_struct work{};
  completion done{};
  heddle::Mutex* lock = nullptr;
};

void Serve(work_struct* work) {
  auto* request = reinterpret_cast<Request*>(work);  // Its first member.
  request->lock->Lock();
  request->lock->Unlock();
  complete(&request->done);
}

// Waits for the item with its lock held or not, and beside a task that never ends or none.
void WaitForItem(Execution& execution, bool is_queued) {
  heddle::Mutex lock("lock");
  Request request{.lock = &lock};
  INIT_WORK(&request.work, Serve);
  init_completion(&request.done);
  work_will_complete(&request.work, &request.done);
  bool is_over = false;
  execution.Spawn("bystander", [&] {
    if (!is_queued) complete(&request.done);
    while (is_queued && !is_over) execution.Sleep(1);
  });
  lock.Lock();
  if (is_queued) queue_work(system_wq, &request.work);
  wait_for_completion(&request.done);
  lock.Unlock();
  is_over = true;
  execution.JoinAll();
}

TEST_CASE("who waits for what an item completes waits for its worker, whoever else goes on") {
  const ExplorationResult result =
      Search([](Execution& execution) { WaitForItem(execution, true); });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kDeadlock);
  CHECK(result.failure()->tasks == std::vector<std::string>{"main", "kworker/events:1"});
}

TEST_CASE("an item that is neither pending nor running leaves its completion to anybody") {
  CheckClean(Search([](Execution& execution) { WaitForItem(execution, false); }));
}

}  // namespace
}  // namespace models::kernel
