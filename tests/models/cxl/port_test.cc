// SPDX-License-Identifier: MIT
//
// The rules of the topology: who makes ports and dports, who takes them down, and what holds them
// meanwhile. In all versions alike, so they are asked of the reference and of the base.

#include "models/cxl/port.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/cxl/cxl_options.h"
#include "models/cxl/environment.h"
#include "models/cxl/ghost.h"
#include "models/cxl/invariants.h"
#include "models/kernel/errno.h"
#include "tests/models/kernel/search.h"

namespace models::cxl {
namespace {

using heddle::Execution;
using kernel::CheckClean;
using kernel::Search;

// Runs `body` in a world of each of the two versions, with the invariants at its end.
template <class Body>
void InBoth(const environment_spec& spec, Body body) {
  for (const char* id : {"X0", "X3"}) {
    CAPTURE(id);
    CheckClean(Search(
        [&](Execution& execution) {
          const environment world = environment_create(variant(id), spec);
          add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
          body(world);
        },
        0));
  }
}

int Dports(const environment& world) {
  return world.core->ghost->dport_count;
}

// The port of the switch, or null. Not pinned.
cxl_port* SwitchPort(const environment& world) {
  device* upstream = world.pdev[0]->dev.parent->parent;
  cxl_port* port = find_cxl_port_by_uport(world.core, upstream);
  put_cxl_port(port);
  return port;
}

TEST_CASE("ACPI0017 makes the root and its dport, which has no driver and is its own host's") {
  InBoth({.below = topology::RCH}, [](const environment& world) {
    cxl_port* root = root_port(world);
    HEDDLE_ENSURE(is_cxl_root(root));
    HEDDLE_ENSURE(root->dev.driver == nullptr);
    HEDDLE_ENSURE(root->nr_dports == 1);
    const cxl_dport* dport = cxl_find_dport_by_dev(root, &world.bridge->dev);
    HEDDLE_ENSURE(dport->rch);
    HEDDLE_ENSURE(dport_to_host(dport) == &world.acpi->dev);
    HEDDLE_ENSURE(port_to_host(root) == &world.acpi->dev);
  });
}

TEST_CASE("unbinding ACPI0017 leaves no port and no dport, and binding makes new ones") {
  InBoth({.below = topology::VH}, [](const environment& world) {
    unbind_acpi(world);
    HEDDLE_ENSURE(root_port(world) == nullptr);
    HEDDLE_ENSURE(bridge_port(world) == nullptr);
    HEDDLE_ENSURE(Dports(world) == 0);
    rebind_acpi(world);
    HEDDLE_ENSURE(root_port(world) != nullptr);
    HEDDLE_ENSURE(bridge_port(world)->depth == 1);
    HEDDLE_ENSURE(bridge_port(world)->dev.driver == &world.port_driver->drv);
  });
}

TEST_CASE(
    "a memory device below an RCH hangs its endpoint under the root, and depends on its host") {
  InBoth({.below = topology::RCH}, [](const environment& world) {
    HEDDLE_ENSURE(bind_memdev(world, 0) == 0);
    cxl_port* endpoint = world.memdev[0]->endpoint;
    HEDDLE_ENSURE(endpoint->dev.parent == &root_port(world)->dev);
    HEDDLE_ENSURE(port_to_host(endpoint) == &world.acpi->dev);
    HEDDLE_ENSURE(endpoint->depth == 1);
    HEDDLE_ENSURE(endpoint->regs.ras != nullptr);
  });
}

TEST_CASE("without a port above it a memory device gets no driver") {
  InBoth({.below = topology::RCH}, [](const environment& world) {
    unbind_acpi(world);
    HEDDLE_ENSURE(bind_memdev(world, 0) == -ENXIO);
    HEDDLE_ENSURE(world.memdev[0]->dev.driver == nullptr);
  });
}

TEST_CASE("a memory device loses its driver after its endpoint, from the queue") {
  for (const char* id : {"X0", "X3"}) {
    CheckClean(Search(
        [id](Execution& execution) {
          const environment world =
              environment_create(variant(id), {.below = topology::RCH, .bound = 1});
          add_invariants(execution, heddle::CheckedAt::kEnd, world.core);
          unbind_acpi(world);
          HEDDLE_ENSURE(world.memdev[0]->dev.driver != nullptr);
          execution.JoinAll();
          HEDDLE_ENSURE(world.memdev[0]->dev.driver == nullptr);
          HEDDLE_ENSURE(world.memdev[0]->endpoint == nullptr);
        },
        0));
  }
}

TEST_CASE("the first memory device below a switch makes its port, the last one takes it down") {
  InBoth({.below = topology::SWITCH}, [](const environment& world) {
    HEDDLE_ENSURE(SwitchPort(world) == nullptr);
    HEDDLE_ENSURE(bind_memdev(world, 0) == 0);
    HEDDLE_ENSURE(SwitchPort(world)->depth == 2);
    HEDDLE_ENSURE(SwitchPort(world)->nr_dports == 1);
    HEDDLE_ENSURE(bind_memdev(world, 1) == 0);
    HEDDLE_ENSURE(SwitchPort(world)->nr_dports == 2);
    unbind_memdev(world, 0);
    HEDDLE_ENSURE(SwitchPort(world)->nr_dports == 2);
    unbind_memdev(world, 1);
    HEDDLE_ENSURE(SwitchPort(world) == nullptr);
    HEDDLE_ENSURE(bridge_port(world)->nr_dports == 1);
  });
}

TEST_CASE("two dports of one device are refused, and the first one stays") {
  InBoth({.below = topology::RCH}, [](const environment& world) {
    cxl_port* root = root_port(world);
    HEDDLE_ENSURE(add_second_dport(world, root) == 0);
    HEDDLE_ENSURE(add_second_dport(world, root) == -EBUSY);
    HEDDLE_ENSURE(root->nr_dports == 2);
    HEDDLE_ENSURE(has_second_dport(world, root));
    HEDDLE_ENSURE(Dports(world) == 2);
  });
}

TEST_CASE("finding a port pins it, and not its dport") {
  InBoth({.below = topology::RCH}, [](const environment& world) {
    cxl_dport* dport = nullptr;
    cxl_port* root = cxl_mem_find_port(world.memdev[0], &dport);
    HEDDLE_ENSURE(root == root_port(world));
    HEDDLE_ENSURE(dport->port == root);
    unbind_acpi(world);
    // The port is there, its dport is not.
    HEDDLE_ENSURE(root->dead);
    HEDDLE_ENSURE(root->nr_dports == 0);
    HEDDLE_ENSURE(cxl_find_dport_by_dev(root, &world.bridge->dev) == nullptr);
    HEDDLE_ENSURE(Dports(world) == 0);
    put_cxl_port(root);
  });
}

}  // namespace
}  // namespace models::cxl
