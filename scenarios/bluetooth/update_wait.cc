// SPDX-License-Identifier: GPL-2.0-only
//
// The wait for the update keeps others waiting, or does not wait at all.
//
//   cmd_sync worker:  [req_lock] command of link 1; waits for an event, conn_timeout = 20 s
//   user:             hci_dev_do_close [req_lock]; or ends link 2, by an entry behind that one
//
// Bug:    a wait under req_lock keeps everybody out who needs that or the cmd_sync worker, as long
//         as the controller takes; and a link that the accept list made has a conn_timeout of 0, so
//         its updates are confirmed when nobody waits any more (both R14).
// Expect: the versions that wait, B4 and B5, let users wait for 20 seconds, and store nothing for
//         such a link; the others hold.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"
#include "models/kernel/jiffies.h"

namespace models::bluetooth {

using kernel::jiffies;

// The peer is out of reach: the controller takes the command, and its event does not come.
static environment SilentController(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {});
  world.hardware->rules.completes_updates = false;
  add_invariants(execution, heddle::CheckedAt::kEnd, world, {.b8 = true});
  return world;
}

static void UpdateWaitVsClose(heddle::Execution& execution, const update_options& options) {
  const environment world = SilentController(execution, options);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("bluetoothd", [=] {
    const unsigned long begin = jiffies;
    hci_dev_do_close(world.hdev);
    ghost_user_waited(world.hdev, jiffies - begin, "hci_dev_do_close");
  });
  execution.JoinAll();
}

static void UpdateWaitVsAbort(heddle::Execution& execution, const update_options& options) {
  const environment world = SilentController(execution, options);
  hci_conn* other = environment_connect(world, {.handle = kOtherHandle, .peer = kOtherPeer});
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("bluetoothd", [=] { hci_abort_conn(other, HCI_ERROR_REMOTE_USER_TERM); });
  execution.JoinAll();
  ghost_user_waited(world.hdev, jiffies, "hci_abort_conn");
}

static void UpdateWithoutTimeout(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  environment_connect(world, {.conn_timeout = 0});
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.JoinAll();
}

static const heddle::ExpectedFinding r14 = {.bug = "R14"};

static const std::vector<heddle::NamedVariant> vs_close = {
    {"B0", 272, {}, {"R14"}},
    {"B2", 417, {}, {"R14"}},
    {"B3", 432, {}, {"R14"}},
    {"B4", 204, {r14}},
    {"B5", 204, {r14}},
    {"B5f", 206, {r14}},
    {"B-ideal", 425, {}, {"R14"}},
};

static const bool update_wait_vs_close = heddle::Register<update_options>({
    .name = "bluetooth/update_wait_vs_close",
    .story = "The device is closed while an update waits for an event that never comes.",
    .body = UpdateWaitVsClose,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, vs_close),
});

static const std::vector<heddle::NamedVariant> vs_abort = {
    {"B0", 908, {}, {"R14"}},
    {"B2", 1122, {}, {"R14"}},
    {"B3", 1157, {}, {"R14"}},
    {"B4", 516, {r14}},
    {"B5", 516, {r14}},
    {"B5f", 516, {r14}},
    {"B-ideal", 1158, {}, {"R14"}},
};

static const bool update_wait_vs_abort = heddle::Register<update_options>({
    .name = "bluetooth/update_wait_vs_abort",
    .story = "Another link is ended while an update waits for an event that never comes.",
    .body = UpdateWaitVsAbort,
    .bounds = {.preemptions = 1, .faults = 0},
    .variants = heddle::VariantsOf(variant, vs_abort),
});

static const std::vector<heddle::NamedVariant> no_timeout = {
    {"B0", 46, {}, {"R14"}},
    {"B2", 231, {}, {"R14"}},
    {"B3", 302, {}, {"R14"}},
    {"B4", 726, {r14}},
    {"B5", 726, {r14}},
    {"B5f", 726, {r14}},
    {"B-ideal", 235, {}, {"R14"}},
};

static const bool update_without_timeout = heddle::Register<update_options>({
    .name = "bluetooth/update_without_timeout",
    .story = "The accept list made the link, so the wait for its update has no time at all.",
    .body = UpdateWithoutTimeout,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, no_timeout),
});

}  // namespace models::bluetooth
