// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/invariants.h"

#include <string_view>

namespace models::driver_core {

static std::string quoted(const char* name) {
  return name != nullptr ? "\"" + std::string(name) + "\"" : "no driver";
}

std::optional<breach> inv_d1(const ghost_log& log, int in_use) {
  if (log.strings_allocated == log.strings_freed + in_use) return std::nullopt;
  return breach{.sentence = std::to_string(log.strings_allocated) +
                            " override strings were allocated, " +
                            std::to_string(log.strings_freed) + " freed, and " +
                            std::to_string(in_use) + " are in use",
                .objects = {"driver_override"},
                .functions = {"driver_override_store"}};
}

int overrides_in_use(const driver_core& core) {
  int count = 0;
  const device* dev = nullptr;
  list_for_each_entry(dev, &core.devices, kset_entry) {
    if (dev->driver_override.name != nullptr) ++count;
    // Only devices of the platform bus bring an attribute of their own along.
    if (dev->bus_file.attr == nullptr) continue;
    if (to_platform_device(dev)->driver_override != nullptr) ++count;
  }
  return count;
}

static std::optional<breach> half_probe(const ghost_log& log) {
  if (log.half_probe_count == 0) return std::nullopt;
  const ghost_half_probe& half = log.half_probes[0];
  const std::string what = half.is_removal ? " was removed from " : " counts as bound to ";
  return breach{.sentence = "driver " + quoted(half.driver) + what + quoted(half.device) +
                            ", whose probe it never finished",
                .objects = {"dev->driver"},
                .functions = {half.is_removal ? "__device_release_driver" : "driver_bound"}};
}

std::optional<breach> inv_d3(const ghost_log& log) {
  if (log.intrusion_count == 0) return half_probe(log);
  const ghost_intrusion& intrusion = log.intrusions[0];
  if (intrusion.is_overlap) {
    return breach{.sentence = "the probe of " + quoted(intrusion.device) + " by " +
                              quoted(intrusion.driver) + " began while another one ran",
                  .objects = {"dev->driver"},
                  .functions = {"call_driver_probe"}};
  }
  return breach{.sentence = quoted(intrusion.device) + " was given " + quoted(intrusion.driver) +
                            " without its lock",
                .objects = {"dev->driver"},
                .functions = {"device_set_driver"}};
}

// Whether the driver has the name that is left of the other one in 32 bytes.
static bool is_cut_short(const ghost_disobedience& found) {
  const std::string_view name = found.driver;
  return name.size() == 31 && std::string_view(found.reserved_for).starts_with(name);
}

std::optional<breach> inv_d4(const ghost_log& log) {
  if (log.disobedience_count == 0) return std::nullopt;
  const ghost_disobedience& found = log.disobediences[0];
  return breach{.sentence = quoted(found.device) + " was reserved for " +
                            quoted(found.reserved_for) + " when its binding to " +
                            quoted(found.driver) + " began",
                .objects = {is_cut_short(found) ? "override_copy" : "driver_override"},
                .functions = {"really_probe"}};
}

std::optional<breach> inv_d5(const ghost_log& log) {
  if (log.uses_after_close == 0) return std::nullopt;
  return breach{.sentence = quoted(log.late_user) + " used an agent whose context was closed",
                .objects = {"scmi_agent"},
                .functions = {"scmi_optee_service_remove"}};
}

std::optional<breach> inv_d6(const ghost_log& log) {
  if (log.change_in_probe_count == 0) return std::nullopt;
  return breach{.sentence = "what " + quoted(log.changes_in_probe[0].device) +
                            " is reserved for changed while its driver probed it",
                .objects = {"driver_override"},
                .functions = {"run_probe"}};
}

}  // namespace models::driver_core
