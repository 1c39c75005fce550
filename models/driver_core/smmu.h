// SPDX-License-Identifier: GPL-2.0-only
//
// Port of the part of drivers/iommu/arm/arm-smmu/arm-smmu-qcom.c that registers a second driver:
// SMMUs are platform devices, and the TBUs of some of them are, too.
//
// The first SMMU that is probed registers the driver of the TBUs; how it knows that it is the first
// is what the versions differ in.

#pragma once

#include "models/driver_core/platform.h"
#include "models/driver_core/smmu_options.h"
#include "models/kernel/atomic.h"

namespace models::driver_core {

// The statics of the module.
struct smmu_module {
  smmu_options options;
  int tbu_registered;
  kernel::atomic_t tbu_registered_atomic;
  platform_driver smmu;
  platform_driver tbu;
};

// The module, loaded but not initialised.
smmu_module* smmu_module_create(const smmu_options& options, bus_type* platform);
// Its init. Returns 0, or the error of a registration.
int smmu_module_init(smmu_module* module);

// The names of the platform devices.
inline constexpr const char* kSmmuDevice = "arm-smmu";
inline constexpr const char* kTbuDevice = "qcom-tbu";

}  // namespace models::driver_core
