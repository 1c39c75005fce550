// SPDX-License-Identifier: MIT
//
// The rules of cxl_pci: what its probe maps, what its file says, and when both are there. In all
// versions alike, so they are asked of the reference and of the base.

#include "models/cxl/pci.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/invariants.h"
#include "models/cxl/port.h"
#include "models/kernel/errno.h"
#include "tests/models/kernel/search.h"

namespace models::cxl {
namespace {

using heddle::Execution;
using kernel::CheckClean;
using kernel::Search;

// Runs `body` below an RCH in each of the two versions, with the invariants at its end.
template <class Body>
void InBoth(Body body) {
  for (const char* id : {"X0", "X3"}) {
    CAPTURE(id);
    CheckClean(Search(
        [&](Execution& execution) {
          const environment world = environment_create(variant(id), {.below = topology::RCH});
          add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
          body(world);
        },
        0));
  }
}

const cxl_dport* Dport(const environment& world) {
  return cxl_find_dport_by_dev(root_port(world), &world.bridge->dev);
}

TEST_CASE("cxl_pci tells the dport where it mapped registers, and its file reads them") {
  InBoth([](const environment& world) {
    HEDDLE_ENSURE(Dport(world)->regs.rcd_pcie_cap != nullptr);
    HEDDLE_ENSURE(read_cap(environment_open_cap(world)) == 1);
  });
}

TEST_CASE("without ACPI0017 the file says that there is no such device") {
  InBoth([](const environment& world) {
    kernel::kernfs_node* file = environment_open_cap(world);
    unbind_acpi(world);
    HEDDLE_ENSURE(read_cap(file) == -ENXIO);
  });
}

TEST_CASE("a new dport knows of no mapping until cxl_pci is bound once more") {
  InBoth([](const environment& world) {
    kernel::kernfs_node* file = environment_open_cap(world);
    rebind_acpi(world);
    HEDDLE_ENSURE(read_cap(file) == -ENXIO);
    rebind_pci(world);
    HEDDLE_ENSURE(read_cap(environment_open_cap(world)) == 1);
  });
}

TEST_CASE("the file goes with cxl_pci, and the dport keeps its pointer") {
  InBoth([](const environment& world) {
    kernel::kernfs_node* file = environment_open_cap(world);
    const cxl_iomap* mapped = Dport(world)->regs.rcd_pcie_cap;
    unbind_pci(world);
    HEDDLE_ENSURE(read_cap(file) == -ENODEV);
    HEDDLE_ENSURE(Dport(world)->regs.rcd_pcie_cap == mapped);
  });
}

TEST_CASE("without a port above it cxl_pci defers") {
  InBoth([](const environment& world) {
    unbind_pci(world);
    unbind_acpi(world);
    HEDDLE_ENSURE(bind_pci(world) == -EAGAIN);
    HEDDLE_ENSURE(world.pdev[0]->dev.driver == nullptr);
  });
}

}  // namespace
}  // namespace models::cxl
