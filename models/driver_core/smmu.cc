// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/smmu.h"

#include "models/kernel/access_once.h"
#include "models/kernel/slab.h"

namespace models::driver_core {

// Says so to the first one that asks.
static bool is_first(smmu_module* module) {
  switch (module->options.registration) {
    case tbu_registration::COUNTER:
      return module->tbu_registered++ == 0;
    case tbu_registration::MARKED_COUNTER: {
      const int before = READ_ONCE(module->tbu_registered);
      WRITE_ONCE(module->tbu_registered, before + 1);
      return before == 0;
    }
    case tbu_registration::ATOMIC_COUNTER:
      return atomic_inc_return(&module->tbu_registered_atomic) == 1;
    case tbu_registration::MODULE:
      break;
  }
  return false;
}

// The result of the registration is nobody's to look at.
static void qcom_smmu_impl_init(smmu_module* module) {
  if (is_first(module)) platform_driver_register(&module->tbu);
}

static int arm_smmu_device_probe(platform_device* pdev) {
  qcom_smmu_impl_init(container_of(to_platform_driver(pdev->dev.driver), smmu_module, smmu));
  return 0;
}

static int qcom_tbu_probe(platform_device* /*pdev*/) {
  return 0;
}

smmu_module* smmu_module_create(const smmu_options& options, bus_type* platform) {
  auto* module = kernel::kzalloc_obj<smmu_module>(kernel::GFP_KERNEL);
  if (module == nullptr) return nullptr;
  module->options = options;
  atomic_set(&module->tbu_registered_atomic, 0);
  module->smmu.driver.name = kSmmuDevice;
  module->smmu.driver.bus = platform;
  module->smmu.probe = arm_smmu_device_probe;
  module->tbu.driver.name = kTbuDevice;
  module->tbu.driver.bus = platform;
  module->tbu.probe = qcom_tbu_probe;
  return module;
}

int smmu_module_init(smmu_module* module) {
  if (module->options.registration == tbu_registration::MODULE) {
    const int ret = platform_driver_register(&module->tbu);
    if (ret != 0) return ret;
  }
  return platform_driver_register(&module->smmu);
}

}  // namespace models::driver_core
