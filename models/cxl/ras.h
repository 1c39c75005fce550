// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/core/ras.c and ras_rch.c: what is done about an error of the link (R3). It
// reads registers of the dport above a restricted device, and of the endpoint.

#pragma once

#include "models/cxl/pci.h"

namespace models::cxl {

// The error handler of the PCI device, called from outside with no lock held.
void cxl_cor_error_detected(pci_dev* pdev);

}  // namespace models::cxl
