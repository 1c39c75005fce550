// SPDX-License-Identifier: GPL-2.0-only
//
// service_task: a daemon of the kernel world that waits until others have something for it: a
// worker, a timer.
//
// Between two jobs it is parked: it stands at an operation that says what comes next, and that
// others replace: an idle worker at its queue, then at the item it was given; a timer that is not
// armed, then at its expiry.
//
// INVARIANT: only a parked service is reassigned; a running one finds its next job by itself.

#pragma once

#include <string_view>

#include "heddle/base/ids.h"
#include "heddle/core/operation.h"

namespace models::kernel {

struct service_task {
  heddle::TaskId id = heddle::kNoTask;
  bool is_parked = false;
  // What it stands at is one of these; the other is for the next replacement.
  heddle::Operation operations[2];
  int at = 0;
};

// What a service without a job stands at. Idle services hold nobody up.
extern const heddle::OperationType service_is_idle;

// Parks the running task, which is `service`, at `operation`. Returns how its wait ended.
heddle::Outcome service_park(service_task* service, const heddle::Operation& operation);

// `operation` is what a parked service stands at from now on.
void service_reassign(service_task* service, const heddle::Operation& operation);

// Returns whether `service` has been stopped for ever by an oops.
bool service_is_dead(const service_task& service);

// Returns prefix + name + suffix, for a new service; valid until the next call.
std::string_view service_name(std::string_view prefix, std::string_view name,
                              std::string_view suffix = {});

}  // namespace models::kernel
