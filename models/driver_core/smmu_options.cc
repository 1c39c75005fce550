// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/smmu_options.h"

#include "heddle/base/check.h"

namespace models::driver_core {

const smmu_options& smmu_on_m3(std::string_view id) {
  struct named_smmu {
    std::string_view id;
    smmu_options options;
  };
  static const core_options& m3 = variant("M3");
  static const named_smmu all[] = {
      {"DQ-counter", {.core = m3, .registration = tbu_registration::COUNTER}},
      {"DQ-marked", {.core = m3, .registration = tbu_registration::MARKED_COUNTER}},
      {"DQ-atomic", {.core = m3, .registration = tbu_registration::ATOMIC_COUNTER}},
      {"DQ", {.core = m3, .registration = tbu_registration::MODULE}},
  };
  for (const named_smmu& named : all) {
    if (named.id == id) return named.options;
  }
  HEDDLE_CHECK(false) << "there is no variant " << id;
  return all[0].options;
}

}  // namespace models::driver_core
