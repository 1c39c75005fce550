// SPDX-License-Identifier: MIT
//
// Schedule: all decisions of one execution, with what replay needs besides them, and its text form.
//
// Text, one shell word without quoting, fields separated by colons (the third is left out when
// empty):
//
//   w1:bluetooth/update_vs_connect@B0:1.2x3.v1.1
//   w1:litmus/racy@default:param.tasks=3,found=pct/3/2/41:1x4.2x4
//
//   w1         format version
//   name       scenario@variant
//   extras     key=value, separated by commas: param.NAME=NUMBER, steps=NUMBER, found=HOW,
//              racy=LOCATION (repeatable)
//   decisions  separated by dots: N is "task N takes the next step", vN is "the value is N", with
//   xK for
//              K times the same; a single 0 field "-" stands for no decision at all.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/base/result.h"
#include "heddle/core/choice.h"

namespace heddle {

struct Schedule {
  std::string name;  // scenario@variant, or the name of a test.
  std::map<std::string, int64_t, std::less<>> parameters;
  // Most steps of the execution, where the failure is that there are more; 0 otherwise.
  uint64_t steps_max = 0;
  std::string found;  // How it was found, where decisions alone do not say: "pct/3/2/41".
  std::vector<std::string> racy_locations;
  std::vector<Decision> decisions;

  friend bool operator==(const Schedule&, const Schedule&) = default;
};

std::string ScheduleText(const Schedule& schedule);

// Reads what ScheduleText wrote. The error says where the text is wrong and what was expected
// there.
Result<Schedule> ParseSchedule(std::string_view text);

}  // namespace heddle
