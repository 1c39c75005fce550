// SPDX-License-Identifier: MIT

#include "heddle/memory/global_snapshot.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

// Those of heddle's own namespace are left out.
namespace shop {

int visits = 0;
const char* greeting = "good morning";
long unchanged[4] = {1, 2, 3, 4};

static int NextOrder() {
  static int orders = 100;
  return ++orders;
}

}  // namespace shop

namespace heddle {

int framework_state = 0;

namespace {

TEST_CASE("what has changed is told by name, once, static locals included") {
  const GlobalSnapshot snapshot;
  CHECK(snapshot.Changed().empty());
  shop::visits = 0x01020304;
  shop::NextOrder();
  framework_state = 5;
  std::vector<std::string> changed = snapshot.Changed();
  std::sort(changed.begin(), changed.end());
  CHECK((changed == std::vector<std::string>{"shop::NextOrder()::orders", "shop::visits"}));
  CHECK(shop::unchanged[0] == 1);
  CHECK(std::string(shop::greeting) == "good morning");
}

TEST_CASE("a value that came back is no change") {
  const GlobalSnapshot snapshot;
  const int before = shop::visits;
  shop::visits = before + 1;
  shop::visits = before;
  CHECK(snapshot.Changed().empty());
}

}  // namespace
}  // namespace heddle
