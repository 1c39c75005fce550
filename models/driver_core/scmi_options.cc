// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/scmi_options.h"

#include <vector>

namespace models::driver_core {

namespace {

struct named_scmi {
  std::string_view id;
  scmi_options options;
};

std::vector<named_scmi> all_on(const core_options& core) {
  std::vector<named_scmi> all = {
      {"N0", {.core = core, .registration = scmi_registration::IN_PROBE}},
      {"N0v", {.core = core, .registration = scmi_registration::IN_PROBE, .is_virtio = true}},
      {"N1", {.core = core, .registration = scmi_registration::SUPPLIER}},
      {"N2", {.core = core, .registration = scmi_registration::DEFER}},
  };
  for (const named_variant& named : named_variants())
    all.push_back({named.id, {.core = named.options, .registration = scmi_registration::IN_PROBE}});
  return all;
}

const scmi_options& find(const std::vector<named_scmi>& all, std::string_view id) {
  for (const named_scmi& named : all) {
    if (named.id == id) return named.options;
  }
  variant(id);  // Says that there is none.
  return all[0].options;
}

}  // namespace

const scmi_options& scmi_on_m1(std::string_view id) {
  static const std::vector<named_scmi> all = all_on(variant("M1"));
  return find(all, id);
}

const scmi_options& scmi_on_m3(std::string_view id) {
  static const std::vector<named_scmi> all = all_on(variant("M3"));
  return find(all, id);
}

}  // namespace models::driver_core
