// SPDX-License-Identifier: MIT
//
// The rules of device resources: what is released, when, and in which order.

#include "models/driver_core/devres.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/driver_core/core.h"
#include "models/driver_core/environment.h"
#include "models/driver_core/invariants.h"
#include "models/kernel/slab.h"
#include "tests/models/kernel/search.h"

namespace models::driver_core {
namespace {

using heddle::Execution;
using kernel::CheckClean;
using kernel::GFP_KERNEL;
using kernel::Search;

// What was released, in order.
char released[16];
int released_count = 0;

void Note(void* letter) {
  released[released_count++] = *static_cast<const char*>(letter);
}

std::string Released() {
  return {released, static_cast<size_t>(released_count)};
}

char letters[] = "abcdef";

void Add(device* dev, int letter) {
  HEDDLE_ENSURE(devm_add_action(dev, Note, &letters[letter]) == 0);
}

// A device that is not on its bus. The invariants keep its world reachable to the end.
device* Device(Execution& execution) {
  released_count = 0;
  const environment world = environment_create(variant("M3"));
  add_invariants(execution, heddle::CheckedAt::kEnd, world);
  platform_device* pdev = environment_device_to_come(world, "device");
  environment_keep(world, pdev);
  return &pdev->dev;
}

TEST_CASE("resources are released in reverse order, and once") {
  CheckClean(Search([](Execution& execution) {
    device* dev = Device(execution);
    for (int i = 0; i < 3; ++i) Add(dev, i);
    HEDDLE_ENSURE(devres_release_all(dev) == 3);
    HEDDLE_ENSURE(Released() == "cba");
    HEDDLE_ENSURE(devres_release_all(dev) == 0);
  }));
}

TEST_CASE("the last reference to a device releases what is left") {
  CheckClean(Search([](Execution& execution) {
    device* dev = Device(execution);
    Add(dev, 0);
    put_device(dev);
    HEDDLE_ENSURE(Released() == "a");
  }));
}

TEST_CASE("a group releases what was added between its markers, and leaves the rest") {
  CheckClean(Search([](Execution& execution) {
    device* dev = Device(execution);
    Add(dev, 0);
    void* group = devres_open_group(dev, nullptr, GFP_KERNEL);
    Add(dev, 1);
    Add(dev, 2);
    devres_close_group(dev, group);
    Add(dev, 3);
    HEDDLE_ENSURE(devres_release_group(dev, group) == 2);
    HEDDLE_ENSURE(Released() == "cb");
    HEDDLE_ENSURE(devres_release_all(dev) == 2);
    HEDDLE_ENSURE(Released() == "cbda");
  }));
}

TEST_CASE("an open group reaches to the end, and takes the groups inside of it along") {
  CheckClean(Search([](Execution& execution) {
    device* dev = Device(execution);
    Add(dev, 0);
    void* outer = devres_open_group(dev, &letters[5], GFP_KERNEL);
    void* inner = devres_open_group(dev, nullptr, GFP_KERNEL);
    Add(dev, 1);
    devres_close_group(dev, inner);
    Add(dev, 2);
    HEDDLE_ENSURE(outer == &letters[5]);
    HEDDLE_ENSURE(devres_release_group(dev, outer) == 2);
    HEDDLE_ENSURE(Released() == "cb");
    HEDDLE_ENSURE(devres_release_all(dev) == 1);
  }));
}

TEST_CASE("a group that is removed keeps its resources") {
  CheckClean(Search([](Execution& execution) {
    device* dev = Device(execution);
    void* group = devres_open_group(dev, nullptr, GFP_KERNEL);
    Add(dev, 0);
    devres_close_group(dev, group);
    devres_remove_group(dev, group);
    HEDDLE_ENSURE(Released().empty());
    HEDDLE_ENSURE(devres_release_all(dev) == 1);
  }));
}

TEST_CASE("an action can be released early, or taken back unreleased") {
  CheckClean(Search([](Execution& execution) {
    device* dev = Device(execution);
    for (int i = 0; i < 3; ++i) Add(dev, i);
    devm_release_action(dev, Note, &letters[1]);
    devm_remove_action(dev, Note, &letters[2]);
    HEDDLE_ENSURE(Released() == "b");
    HEDDLE_ENSURE(devres_release_all(dev) == 1);
    HEDDLE_ENSURE(Released() == "ba");
  }));
}

TEST_CASE("without memory devm_add_action_or_reset runs the action at once") {
  CheckClean(Search(
      [](Execution& execution) {
        device* dev = Device(execution);
        kernel::slab_faults_at({"devm_action_release"});
        const int ret = devm_add_action_or_reset(dev, Note, &letters[0]);
        HEDDLE_ENSURE((ret == -ENOMEM) == (Released() == "a"));
        HEDDLE_ENSURE(ret == 0 || devres_release_all(dev) == 0);
      },
      0, 1));
}

}  // namespace
}  // namespace models::driver_core
