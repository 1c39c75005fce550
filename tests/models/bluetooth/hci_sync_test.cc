// SPDX-License-Identifier: MIT
//
// What ends a synchronous request, and when.

#include "models/bluetooth/hci_sync.h"

#include <doctest/doctest.h>

#include "heddle/explore/explore.h"
#include "heddle/testing/ensure.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci.h"
#include "models/bluetooth/hci_le_update.h"
#include "models/kernel/errno.h"
#include "models/kernel/jiffies.h"

namespace models::bluetooth {
namespace {

constexpr unsigned int kTimeoutMs = 2000;

struct Outcome {
  int err;
  unsigned long jiffies;
};

// Sends an update of a link as a request that waits for its event.
Outcome RequestUpdate(const environment& world) {
  const hci_cp_le_conn_update cp = hci_le_conn_update_cp(kHandle, kFasterParams);
  hci_req_sync_lock(world.hdev);
  const int err = __hci_cmd_sync_status(world.hdev, HCI_OP_LE_CONN_UPDATE, sizeof(cp), &cp,
                                        HCI_EV_LE_CONN_UPDATE_COMPLETE, kTimeoutMs);
  hci_req_sync_unlock(world.hdev);
  return {.err = err, .jiffies = kernel::jiffies};
}

// Runs one request in each schedule, with hardware that completes updates or does not.
heddle::ExplorationResult ExploreRequest(bool completes_updates, void (*check)(Outcome)) {
  return heddle::Explore(
      {.bounds = {.preemptions = 1, .faults = 0}, .races = heddle::RacePolicy::kLocate},
      [=](heddle::Execution& execution) {
        const environment world = environment_create({});
        environment_connect(world, {});
        world.hardware->rules.completes_updates = completes_updates;
        execution.Spawn("requester", [=] { check(RequestUpdate(world)); });
        execution.JoinAll();
      });
}

TEST_CASE("the event wakes who waits for it before any time has passed") {
  const heddle::ExplorationResult result = ExploreRequest(true, [](Outcome outcome) {
    HEDDLE_ENSURE(outcome.err == 0);
    HEDDLE_ENSURE(outcome.jiffies == 0);
  });
  CHECK(result.exhausted);
  CHECK(result.failure() == nullptr);
}

TEST_CASE("a request whose event never comes ends when its time is over") {
  const heddle::ExplorationResult result = ExploreRequest(false, [](Outcome outcome) {
    HEDDLE_ENSURE(outcome.err == -ETIMEDOUT);
    HEDDLE_ENSURE(outcome.jiffies == kernel::msecs_to_jiffies(kTimeoutMs));
  });
  CHECK(result.exhausted);
  CHECK(result.failure() == nullptr);
}

TEST_CASE("cancelling a request wakes who waits for it before any time has passed") {
  const heddle::ExplorationResult result = heddle::Explore(
      {.bounds = {.preemptions = 1, .faults = 0}, .races = heddle::RacePolicy::kLocate},
      [](heddle::Execution& execution) {
        const environment world = environment_create({});
        environment_connect(world, {});
        world.hardware->rules.completes_updates = false;
        execution.Spawn("requester", [=] {
          const Outcome outcome = RequestUpdate(world);
          HEDDLE_ENSURE(outcome.err == -ENODEV || outcome.jiffies > 0);
          HEDDLE_ENSURE(outcome.err == -ETIMEDOUT || outcome.jiffies == 0);
        });
        execution.Spawn("canceller", [=] { hci_cmd_sync_cancel_sync(world.hdev, ENODEV); });
        execution.JoinAll();
      });
  CHECK(result.exhausted);
  CHECK(result.failure() == nullptr);
}

}  // namespace
}  // namespace models::bluetooth
