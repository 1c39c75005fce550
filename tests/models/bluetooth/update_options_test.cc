// SPDX-License-Identifier: MIT
//
// The named versions: told apart by their options, and found by their ids.

#include "models/bluetooth/update_options.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace models::bluetooth {
namespace {

TEST_CASE("the discussion's versions and the proposed fixes have one id each") {
  std::set<std::string_view> ids;
  for (const named_variant& named : named_variants()) ids.insert(named.id);
  CHECK(ids == std::set<std::string_view>{"B0",
                                          "B1",
                                          "B2n",
                                          "B2",
                                          "B3",
                                          "B3-noref",
                                          "B3-nocmp",
                                          "B3-noref-nocmp",
                                          "B4",
                                          "B5",
                                          "B5-norecheck",
                                          "B5f",
                                          "B0+F2",
                                          "B2+F2",
                                          "B2x",
                                          "B5+F2",
                                          "B5f+range",
                                          "B5f+rx-stop",
                                          "B5f+ind-lock",
                                          "B5f+ind-trylock",
                                          "B5f+accept-lock",
                                          "B-ideal"});
  CHECK(ids.size() == named_variants().size());
}

TEST_CASE("neighbouring versions differ in the options that their names say") {
  CHECK(variant("B2n").recheck == update_recheck::NOTHING);
  CHECK(variant("B2").recheck == update_recheck::HANDLE_AND_DST);
  CHECK(variant("B2n").prepare == variant("B2").prepare);
  CHECK(variant("B1").prepare == update_prepare::NOTHING);
  CHECK(variant("B4").link_read == update_link_read::AFTER_UNLOCK);
  CHECK(variant("B5").link_read == update_link_read::UNDER_HDEV_LOCK);
  CHECK(variant("B5").rechecks_after_wait);
  CHECK_FALSE(variant("B5-norecheck").rechecks_after_wait);
  CHECK_FALSE(variant("B3-noref").holds_link);
  CHECK(variant("B3-noref").compares_handle);
  CHECK_FALSE(variant("B3-nocmp").compares_handle);
  CHECK(variant("B3-nocmp").holds_link);
  CHECK(variant("B2x").destroy_takes_hdev_lock);
}

TEST_CASE("only those on later trees have the fixes of l2cap_conn_del") {
  for (const named_variant& named : named_variants()) {
    const std::string id(named.id);
    CAPTURE(id);
    const bool has_f1 = id.starts_with("B5f") || id == "B-ideal";
    CHECK(named.options.disables_works_first == has_f1);
    CHECK(named.options.cancels_pending_rx_first == (has_f1 || id.find("+F2") != id.npos));
  }
}

}  // namespace
}  // namespace models::bluetooth
