// SPDX-License-Identifier: MIT

#include "models/wifi/wifi_options.h"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

#include "models/debugfs/debugfs_options.h"

namespace models::wifi {
namespace {

using debugfs::drain_form;
using debugfs::fsdata_init;

TEST_CASE("every version has a name of its own and says what it is") {
  std::set<std::string_view> ids;
  for (const named_variant& named : named_variants()) {
    CHECK(ids.insert(named.id).second);
    CHECK_FALSE(named.what.empty());
    CHECK(&variant(named.id) == &named.options);
  }
  CHECK(ids.size() == 18);
}

TEST_CASE("the defaults are G4, and G3 differs from it in the inverted test alone") {
  CHECK(variant("G4").debugfs.drain == drain_form::UNTIL_UNUSED);
  wifi_options g3 = variant("G3");
  CHECK(g3.debugfs.drain == drain_form::INVERTED);
  CHECK(g3.debugfs.init == variant("G4").debugfs.init);
  CHECK(g3.debugfs.lock == variant("G4").debugfs.lock);
  CHECK(g3.debugfs.annotates == variant("G4").debugfs.annotates);
}

TEST_CASE("6.7 is the merged form without the annotation, and initialised early") {
  CHECK(variant("G2").debugfs.annotates);
  CHECK(variant("G2").debugfs.init == fsdata_init::AFTER_CMPXCHG);
  CHECK_FALSE(variant("G3").debugfs.annotates);
  CHECK(variant("G3").debugfs.init == fsdata_init::BEFORE_CMPXCHG);
}

TEST_CASE("in the middle of the series only agg_status is converted") {
  CHECK(variant("G4-half").agg_status == handler_form::LOCKED_HELPER);
  CHECK(variant("G4-half").netdev_files == handler_form::TAKES_MUTEX);
  CHECK(variant("G4-half").link_files == handler_form::TAKES_MUTEX);
}

}  // namespace
}  // namespace models::wifi
