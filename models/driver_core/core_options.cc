// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/core_options.h"

#include "heddle/base/check.h"

namespace models::driver_core {

static constexpr core_options base = {
    .has_core_override = false,
    .platform_uses_core_override = false,
};

static constexpr core_options locked(bool oops_unlocks_devices) {
  core_options options = base;
  options.match = match_locking::DEVICE_LOCK;
  options.oops_unlocks_devices = oops_unlocks_devices;
  return options;
}

static constexpr named_variant variants[] = {
    {"M0", base, "base: match without a lock, override in the bus"},
    {"M1", locked(false), "match under the device lock"},
    {"M2", base, "after the revert of M1: M0 again"},
    {"M3", {}, "override in struct device, with a spinlock"},
    {"M3p", {.platform_uses_core_override = false}, "M3 before the buses are converted"},
    {"M4", {.annotates_match = true}, "M3 with the lockdep annotation of the match"},
    {"M5", {.compare = override_compare::COPY_32}, "M3 that compares a copy of 32 bytes"},
    {"M5f", {.compare = override_compare::COPY_ALL}, "M3 that compares a full copy"},
    {"M6", locked(true), "M1, and an oops in probe unlocks the device"},
    {"M-ideal",
     {.matches_again_before_probe = true},
     "reference: M3, matched again under the lock"},
};

std::span<const named_variant> named_variants() {
  return variants;
}

const core_options& variant(std::string_view id) {
  for (const named_variant& named : variants) {
    if (named.id == id) return named.options;
  }
  HEDDLE_CHECK(false) << "there is no variant " << id;
  return variants[0].options;
}

}  // namespace models::driver_core
