// SPDX-License-Identifier: MIT
//
// The digest tells executions apart, and a reset forgets everything of the last one.

#include "heddle/core/recorder.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <set>

namespace heddle {
namespace {

uint64_t DigestOf(std::initializer_list<uint64_t> values) {
  Recorder recorder;
  recorder.Reset();
  for (const uint64_t value : values) recorder.Mix(value);
  return recorder.digest();
}

TEST_CASE("equal sequences have equal digests; another order, length or value another one") {
  CHECK(DigestOf({1, 2, 3}) == DigestOf({1, 2, 3}));
  const std::set<uint64_t> digests{DigestOf({}),        DigestOf({0}),         DigestOf({0, 0}),
                                   DigestOf({1, 2, 3}), DigestOf({3, 2, 1}),   DigestOf({1, 2}),
                                   DigestOf({1, 2, 4}), DigestOf({1ULL << 63})};
  CHECK(digests.size() == 8);
}

TEST_CASE("a reset takes digest and trace back to the beginning, not what is recorded") {
  Recorder recorder;
  recorder.Reset();
  const uint64_t beginning = recorder.digest();
  recorder.set_tracing(true);
  recorder.set_digesting(true);
  recorder.Mix(7);
  recorder.Append({.verb = "lock"});
  recorder.trace().task_names.emplace_back("main");
  CHECK(recorder.digest() != beginning);
  CHECK(recorder.trace().events.size() == 1);
  recorder.Reset();
  CHECK(recorder.digest() == beginning);
  CHECK(recorder.trace().events.empty());
  CHECK(recorder.trace().task_names.empty());
  CHECK(recorder.tracing());
  CHECK(recorder.digesting());
}

}  // namespace
}  // namespace heddle
