// SPDX-License-Identifier: MIT
//
// TraceJson: the trace of a finding for a viewer, in the Trace Event Format that chrome://tracing
// and ui.perfetto.dev read: one row per task, one slice per step, notes as instants, waits at the
// end as slices. A step lasts one millisecond of the viewer's time. `args` holds what the report's
// table shows.
//
// INVARIANT: equal findings give equal bytes.

#pragma once

#include <nlohmann/json.hpp>

#include "heddle/explore/result.h"

namespace heddle {

nlohmann::ordered_json TraceJson(const Finding& finding);

}  // namespace heddle
