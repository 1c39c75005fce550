// SPDX-License-Identifier: GPL-2.0-only
//
// Port of the SCMI transports over OP-TEE and virtio (drivers/firmware/arm_scmi/transports): a
// service on a second bus, and a platform driver that needs what the service's probe publishes.
//
//   service probe:   opens a context, makes the agent, publishes it in a global
//   platform probe:  takes the agent from the global, opens a channel
//
// The versions differ in who registers the platform driver, and in how its probe learns of the
// agent.

#pragma once

#include "models/driver_core/scmi_options.h"
#include "models/driver_core/tee.h"

namespace models::driver_core {

// What a service publishes. `is_open` while its context is.
struct scmi_agent {
  device* dev;
  mutex mu;
  list_head channel_list;
  bool is_open;
};

struct scmi_channel {
  list_head link;
  scmi_agent* agent;
};

// struct scmi_transport_supplier: NOT_READY and BUSY are error pointers in `available`.
struct scmi_transport_supplier {
  mutex mtx;
  device* available;
};

// The statics of the module.
struct scmi_module {
  scmi_options options;
  scmi_agent* scmi_private;  // scmi_optee_private, scmi_vdev.
  scmi_transport_supplier supplier;
  tee_client_driver service;
  platform_driver pdrv;
};

// The module, loaded but not initialised. `service_bus` is the tee or the virtio bus.
scmi_module* scmi_module_create(const scmi_options& options, bus_type* platform,
                                bus_type* service_bus);
// Its init: registers the service's driver, and in later versions the platform driver first.
int scmi_module_init(scmi_module* module);

// The platform driver's use of its channel: a message to the agent. Returns 0, or -ENXIO without a
// channel.
int scmi_send(platform_device* pdev);

// The name of the platform devices.
inline constexpr const char* kScmiDevice = "arm-scmi";

}  // namespace models::driver_core
