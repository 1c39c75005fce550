// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/mem.c: the driver of memory devices. Its probe (R1) hangs an endpoint under
// the port that the device is reached by.

#pragma once

#include "models/cxl/cxl.h"

namespace models::cxl {

// REQUIRES: cxlmd->dev is locked; the driver core calls it so. Returns 0, -EBUSY, -ENXIO, -ENOMEM.
int cxl_mem_probe(device* dev);

cxl_driver* cxl_mem_driver_create(cxl_core* core);

}  // namespace models::cxl
