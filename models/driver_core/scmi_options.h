// SPDX-License-Identifier: GPL-2.0-only
//
// scmi_options: in what the versions of the SCMI transports differ, and on which driver core they
// run.

#pragma once

#include <string_view>

#include "models/driver_core/core_options.h"

namespace models::driver_core {

enum class scmi_registration {
  IN_PROBE,  // The service's probe registers the platform driver (N0, N0v).
  SUPPLIER,  // The module's init does; a supplier with three states hands the agent out (N1).
  DEFER,     // The module's init does; without an agent the platform probe defers (N2).
};

struct scmi_options {
  core_options core;
  scmi_registration registration = scmi_registration::SUPPLIER;
  // Over virtio: the parent is virtio-mmio, there is no context, and removal does not ask whether
  // channels are left.
  bool is_virtio = false;
};

// For M0 to M-ideal: that version of the core, with the transport of the thread. For N0, N0v, N1
// and N2: that version of the transport, on M1 or on M3. REQUIRES: there is a variant `id`.
const scmi_options& scmi_on_m1(std::string_view id);
const scmi_options& scmi_on_m3(std::string_view id);

}  // namespace models::driver_core
