// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/cxl/core/ras.c and ras_rch.c; see PORT.md.

#include "models/cxl/ras.h"

#include "models/cxl/port.h"
#include "models/driver_core/core.h"

namespace models::cxl {

static void cxl_handle_cor_ras(cxl_iomap* ras) {
  if (ras == nullptr) return;
  // What is set is cleared.
  if (ras->value != 0) ras->value = 0;
}

// ---- The dport above

static void handle_dport_errors(cxl_dport* dport) {
  cxl_handle_cor_ras(dport->regs.ras);
}

static void cxl_handle_rdport_errors(cxl_core* core, device* pdev) {
  const dport_access access = core->options.pci_users;
  const bool is_captured = access == dport_access::CAPTURED;
  cxl_dport* dport = nullptr;
  cxl_port* port __free(put_cxl_port) =
      cxl_pci_find_port(core, pdev, is_captured ? &dport : nullptr);
  if (port == nullptr) return;
  if (is_captured) return handle_dport_errors(dport);

  const bool is_in_host = access == dport_access::LOADED_IN_HOST;
  device* lock_dev = is_in_host ? port->uport_dev : &port->dev;
  guard(device)(lock_dev);
  if (is_in_host && lock_dev->driver == nullptr) return;
  dport = cxl_find_dport_by_dev(port, pdev->parent);
  if (dport != nullptr) handle_dport_errors(dport);
}

// ---- The endpoint

static void handle_endpoint_errors(cxl_memdev* cxlmd) {
  cxl_port* endpoint = cxlmd->endpoint;
  if (!cxlmd->core->options.ras_locks_endpoint) return cxl_handle_cor_ras(endpoint->regs.ras);
  guard(device)(&endpoint->dev);
  // Without its driver the mapping is gone.
  if (endpoint->dev.driver != nullptr) cxl_handle_cor_ras(endpoint->regs.ras);
}

void cxl_cor_error_detected(pci_dev* pdev) {
  const auto* cxlds = static_cast<const cxl_dev_state*>(driver_core::dev_get_drvdata(&pdev->dev));
  cxl_memdev* cxlmd = cxlds->cxlmd;
  scoped_guard(device, &cxlmd->dev) {
    if (cxlmd->dev.driver == nullptr) return;
    if (cxlds->rcd) cxl_handle_rdport_errors(cxlmd->core, &pdev->dev);
    handle_endpoint_errors(cxlmd);
  }
}

}  // namespace models::cxl
