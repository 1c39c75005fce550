// SPDX-License-Identifier: MIT
//
// The stopwatch: it runs forward, and measures what passes.

#include "heddle/explore/stopwatch.h"

#include <doctest/doctest.h>

#include <ctime>

namespace heddle::internal {
namespace {

TEST_CASE("seconds begin near 0, never fall, and pass while a process sleeps") {
  const Stopwatch watch;
  double last = watch.Seconds();
  CHECK(last >= 0);
  for (int i = 0; i < 1000; ++i) {
    const double now = watch.Seconds();
    REQUIRE(now >= last);
    last = now;
  }
  const double before = watch.Seconds();
  const timespec twenty_ms{.tv_sec = 0, .tv_nsec = 20'000'000};
  nanosleep(&twenty_ms, nullptr);
  CHECK(watch.Seconds() - before >= 0.019);
}

TEST_CASE("a later stopwatch shows less") {
  const Stopwatch first;
  const timespec two_ms{.tv_sec = 0, .tv_nsec = 2'000'000};
  nanosleep(&two_ms, nullptr);
  const Stopwatch second;
  CHECK(second.Seconds() < first.Seconds());
}

}  // namespace
}  // namespace heddle::internal
