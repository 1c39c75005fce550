// SPDX-License-Identifier: MIT
//
// What the environment does to tests that call Explore themselves, with an interceptor made by
// hand.

#include "heddle/testing/test_interceptor.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/core/schedule.h"
#include "heddle/explore/options.h"
#include "heddle/explore/result.h"

namespace heddle {
namespace {

TEST_CASE("the name of a case becomes one shell word") {
  CHECK(ScheduleName("two tellers race") == "two_tellers_race");
  CHECK(ScheduleName("a \"bad\" name: 100%!") == "a_bad_name_100");
  CHECK(ScheduleName("bluetooth/update@B0") == "bluetooth/update@B0");
  CHECK(ScheduleName("") == "");
}

std::string NameAfter(TestInterceptor* interceptor, ExploreOptions options) {
  interceptor->Adjust(&options);
  return options.name;
}

TEST_CASE("unnamed explorations are numbered within their case, named ones keep their name") {
  std::string test = "first test";
  TestInterceptor interceptor({}, [&] { return test; });
  CHECK(NameAfter(&interceptor, {}) == "first_test");
  CHECK(NameAfter(&interceptor, {.name = "mine"}) == "mine");
  CHECK(NameAfter(&interceptor, {}) == "first_test@2");
  test = "second test";
  CHECK(NameAfter(&interceptor, {}) == "second_test");
  test = "";
  CHECK(NameAfter(&interceptor, {}) == "test");
}

TEST_CASE("a schedule reaches the exploration it names and skips the others of its case") {
  TestInterceptor interceptor({.schedule = ParseSchedule("w1:my_test@2:1").value()},
                              [] { return "my test"; });
  ExploreOptions first;
  CHECK_FALSE(interceptor.Adjust(&first));
  ExploreOptions second;
  CHECK(interceptor.Adjust(&second));
  CHECK(second.strategy == StrategyKind::kReplay);
}

TEST_CASE("a divergence from the environment's schedule is kept for the end of the program") {
  TestInterceptor without({}, [] { return ""; });
  without.Explored({.divergence = "decision 3: so it is"});
  CHECK(without.divergence() == "");
  TestInterceptor interceptor({.schedule = Schedule()}, [] { return ""; });
  interceptor.Explored({});
  CHECK(interceptor.divergence() == "");
  interceptor.Explored({.divergence = "decision 3: so it is"});
  interceptor.Explored({});
  CHECK(
      interceptor.divergence() ==
      "DIVERGED at decision 3: so it is; the program or the model has changed since this schedule "
      "was recorded");
}

}  // namespace
}  // namespace heddle
