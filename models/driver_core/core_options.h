// SPDX-License-Identifier: GPL-2.0-only
//
// core_options: in what the versions of the driver core differ.
//
// One member per difference; a version of the code is a set of them, and named_variants() says
// which. The defaults are those of the form with the override in struct device (M3). Every device
// reaches them through dev->core, so each function of the port reads them from the object it works
// on.

#pragma once

#include <span>
#include <string_view>

namespace models::driver_core {

// Whether bus->match() runs under the device lock where no lock was held for it before:
// __driver_attach and bind_store.
enum class match_locking {
  NONE,         // Base, and after the revert.
  DEVICE_LOCK,  // dc23806a7c47: driver_match_device_locked.
};

// How device_match_driver_override compares the name that a device is reserved for.
enum class override_compare {
  IN_PLACE,  // Under driver_override.lock (cb3d1049f4ea).
  COPY_32,   // A copy of at most 32 bytes, made under the lock, compared after it.
  COPY_ALL,  // A copy of the whole string.
};

struct core_options {
  match_locking match = match_locking::NONE;

  // struct device has the name and its lock (cb3d1049f4ea, the part of the core).
  bool has_core_override = true;
  // And the platform bus uses it, instead of a field of its own (the part of the buses).
  bool platform_uses_core_override = true;
  override_compare compare = override_compare::IN_PLACE;

  // The match is repeated under the lock that the probe is called with (reference).
  bool matches_again_before_probe = false;

  // Proposed: a task that dies in probe lets go of its device locks.
  bool oops_unlocks_devices = false;

  // The diagnostic patch: a lock class per device, and __driver_attach tells lockdep that it takes
  // the lock around the match, which it does not.
  bool annotates_match = false;
};

struct named_variant {
  std::string_view id;
  core_options options;
  std::string_view what;  // One clause for tables.
};

// All named versions, in the order of tables.
std::span<const named_variant> named_variants();

// The options of one of them. REQUIRES: there is a variant `id`.
const core_options& variant(std::string_view id);

}  // namespace models::driver_core
