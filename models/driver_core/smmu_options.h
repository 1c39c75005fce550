// SPDX-License-Identifier: GPL-2.0-only
//
// smmu_options: in what the versions of the SMMU driver differ, and on which driver core they run.

#pragma once

#include <string_view>

#include "models/driver_core/core_options.h"

namespace models::driver_core {

// Who registers the driver of the TBUs.
enum class tbu_registration {
  COUNTER,         // The first probe, told by a static counter that is incremented without a lock.
  MARKED_COUNTER,  // The same, with READ_ONCE and WRITE_ONCE: no data race.
  ATOMIC_COUNTER,  // The same, with one atomic step.
  MODULE,          // The module's init: no probe does.
};

struct smmu_options {
  core_options core;
  tbu_registration registration = tbu_registration::MODULE;
};

// DQ-counter, DQ-marked, DQ-atomic, DQ; on M3. REQUIRES: there is a variant `id`.
const smmu_options& smmu_on_m3(std::string_view id);

}  // namespace models::driver_core
