// SPDX-License-Identifier: GPL-2.0-only

#include "models/cxl/invariants.h"

namespace models::cxl {

std::optional<breach> inv_c2(const cxl_ghost_log& log) {
  if (!log.is_miscounted) return std::nullopt;
  return breach{.sentence = "with the lock of the port, nr_dports is " +
                            std::to_string(log.counted) + ", and there are " +
                            std::to_string(log.entries),
                .objects = {"nr_dports"},
                .functions = {"cxl_dport_remove"}};
}

std::optional<breach> inv_c3(const cxl_ghost_log& log) {
  if (log.dport_devs_taken == log.dport_devs_dropped + log.dport_count) return std::nullopt;
  return breach{.sentence = "dports took " + std::to_string(log.dport_devs_taken) +
                            " references to their devices and dropped " +
                            std::to_string(log.dport_devs_dropped) + "; " +
                            std::to_string(log.dport_count) + " live",
                .objects = {"dport_dev"},
                .functions = {"add_dport"}};
}

static wrong_place left_behind(const cxl_ghost_log& log) {
  for (int i = 0; i < log.endpoint_count; ++i) {
    for (int k = 0; k < log.unregistered_count; ++k) {
      if (log.unregistered[k] == log.endpoints[i].parent) return wrong_place::LEFT_BEHIND;
    }
  }
  return wrong_place::NONE;
}

static const char* what_is_wrong(wrong_place place) {
  switch (place) {
    case wrong_place::NO_DRIVER:
      return "an endpoint was added to a host without a driver";
    case wrong_place::DEAD_DPORT:
      return "an endpoint was added below a dport that was freed";
    case wrong_place::WRONG_HOST:
      return "an endpoint was added to the host of the other kind of dport";
    case wrong_place::LEFT_BEHIND:
      return "an endpoint stays when the port above it goes";
    case wrong_place::NONE:
      break;
  }
  return "";
}

std::optional<breach> inv_c4(const cxl_ghost_log& log) {
  wrong_place place = log.endpoint_added_at;
  if (place == wrong_place::NONE) place = left_behind(log);
  if (place == wrong_place::NONE) return std::nullopt;
  return breach{.sentence = what_is_wrong(place),
                .objects = {place == wrong_place::WRONG_HOST ? "dport->rch" : "endpoint"},
                .functions = {"devm_cxl_add_endpoint"}};
}

}  // namespace models::cxl
