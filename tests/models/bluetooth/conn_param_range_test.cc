// SPDX-License-Identifier: MIT
//
// The range of connection parameters, by looking at all of it: every maximum and timeout, with each
// latency at which an answer can change.

#include "models/bluetooth/conn_param_range.h"

#include <doctest/doctest.h>

namespace models::bluetooth {
namespace {

TEST_CASE("the kernel's test accepts values that are out of range, for its bound wraps") {
  const std::optional<update_values> found = find_accepted_out_of_range(hci_check_conn_params);
  REQUIRE(found);
  CHECK(found->to_multiplier * 4 < found->max);
  CHECK(found->max < found->to_multiplier * 8);
  CHECK_FALSE(conn_params_are_in_range(*found));
  CHECK(hci_check_conn_params(6, 79, 499, 10) == 0);
}

TEST_CASE("computed where it cannot wrap, the bound lets nothing out of range through") {
  CHECK_FALSE(find_accepted_out_of_range(hci_check_conn_params_exactly));
}

TEST_CASE("what is in range is accepted, at every edge") {
  const update_values edges[] = {{6, 6, 0, 10},         {6, 40, 0, 10},     {6, 6, 499, 750},
                                 {3200, 3200, 0, 3200}, {6, 3200, 3, 3200}, {6, 25, 499, 3200}};
  for (const update_values& values : edges) {
    const auto& [min, max, latency, timeout] = values;
    CAPTURE(values.max);
    CHECK(conn_params_are_in_range(values));
    CHECK(hci_check_conn_params(min, max, latency, timeout) == 0);
    CHECK(hci_check_conn_params_exactly(min, max, latency, timeout) == 0);
  }
}

TEST_CASE("one step beyond an edge is refused") {
  const update_values beyond[] = {{5, 6, 0, 10},  {7, 6, 0, 10},   {6, 3201, 0, 3200},
                                  {6, 6, 0, 9},   {6, 6, 0, 3201}, {6, 6, 500, 3200},
                                  {6, 80, 0, 10}, {6, 40, 1, 10},  {6, 6, 499, 749}};
  for (const update_values& values : beyond) {
    const auto& [min, max, latency, timeout] = values;
    CAPTURE(values.max);
    CHECK_FALSE(conn_params_are_in_range(values));
    CHECK(hci_check_conn_params(min, max, latency, timeout) != 0);
    CHECK(hci_check_conn_params_exactly(min, max, latency, timeout) != 0);
  }
}

}  // namespace
}  // namespace models::bluetooth
