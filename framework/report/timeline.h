// SPDX-License-Identifier: MIT
//
// Timeline: a trace as a table, one row per event, top to bottom, and one column per task where
// they fit.
//
//    step  T1 kworker/hci0-rx         T2 bluetoothd              where
//    ----  -------------------------  -------------------------
//    ------------------------------------ S  1  lock    conn->lock process_pending_rx
//    l2cap_core.cc:28 P  2                             lock    hdev->lock l2cap_chan_connect
//    l2cap_core.cc:34
//
// With more tasks the columns overlap (only one task acts in a row), and with many each row names
// its task instead. Rows of tasks that have nothing to do with the failure are folded where the
// others would not fit.
//
// INVARIANT: the text depends on the trace and the failure alone.

#pragma once

#include <string>

#include "heddle/core/failure.h"
#include "heddle/core/trace.h"

namespace heddle {

// Returns the table and its legend. REQUIRES: `trace` is that of `failure`.
std::string TimelineText(const Trace& trace, const Failure& failure);

}  // namespace heddle
