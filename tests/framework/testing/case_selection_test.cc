// SPDX-License-Identifier: MIT
//
// Which cases Bazel's filter and shards select, over lists of names.

#include "heddle/testing/case_selection.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace heddle {
namespace {

using Names = std::vector<std::string>;

const Names kNames = {"a/update@B0", "a/update@B2", "a/update@B2n", "b/probe@B0", "a lock is held"};

Names Selected(const CaseSelection& selection) {
  const std::vector<bool> selected = selection.Select(kNames);
  Names names;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (selected[i]) names.push_back(kNames[i]);
  }
  return names;
}

TEST_CASE("no filter selects every case") {
  CHECK((Selected({}) == kNames));
}

TEST_CASE("a glob is matched against whole names") {
  CHECK((Selected({.filter = "*@B0"}) == Names{"a/update@B0", "b/probe@B0"}));
  CHECK((Selected({.filter = "a/*@B2?"}) == Names{"a/update@B2n"}));
  CHECK((Selected({.filter = "update*"}) == Names{}));
}

TEST_CASE("a filter without wildcards is a name, or else a part of names") {
  CHECK((Selected({.filter = "a/update@B2"}) == Names{"a/update@B2"}));
  CHECK((Selected({.filter = "update@B2"}) == Names{"a/update@B2", "a/update@B2n"}));
  CHECK((Selected({.filter = "lock"}) == Names{"a lock is held"}));
  CHECK((Selected({.filter = "nothing"}) == Names{}));
}

TEST_CASE("shards together run each selected case once, and share them evenly") {
  for (const char* filter : {"", "a/*"}) {
    for (uint64_t total = 1; total <= 7; ++total) {
      std::map<std::string, int> times;
      for (uint64_t index = 0; index < total; ++index) {
        const Names names = Selected({filter, index, total});
        CHECK(names.size() <= kNames.size() / total + 1);
        for (const std::string& name : names) ++times[name];
      }
      const Names all = Selected({.filter = filter});
      CHECK(times.size() == all.size());
      for (const std::string& name : all) CHECK(times[name] == 1);
    }
  }
}

Result<CaseSelection> Read(const std::map<std::string, std::string>& variables) {
  return ReadCaseSelection([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST_CASE("filter and shard are what Bazel's variables say") {
  CHECK(Read({}).value().shard_total == 1);
  const CaseSelection selection =
      Read(
          {{"TESTBRIDGE_TEST_ONLY", "*@B0"}, {"TEST_TOTAL_SHARDS", "4"}, {"TEST_SHARD_INDEX", "3"}})
          .value();
  CHECK(selection.filter == "*@B0");
  CHECK(selection.shard_total == 4);
  CHECK(selection.shard_index == 3);
}

TEST_CASE("a shard outside of the total is refused") {
  CHECK(Read({{"TEST_TOTAL_SHARDS", "4"}, {"TEST_SHARD_INDEX", "4"}}).error() ==
        "TEST_SHARD_INDEX is '4'; expected less than TEST_TOTAL_SHARDS, 4");
  CHECK(Read({{"TEST_TOTAL_SHARDS", "0"}, {"TEST_SHARD_INDEX", "0"}}).error() ==
        "TEST_TOTAL_SHARDS is '0'; expected a whole number of at least 1");
  CHECK_FALSE(Read({{"TEST_TOTAL_SHARDS", "4"}}).ok());
}

}  // namespace
}  // namespace heddle
