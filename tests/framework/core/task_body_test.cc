// SPDX-License-Identifier: MIT
//
// A function without its type: moved once, called once, destroyed after the call.

#include "heddle/core/task_body.h"

#include <cstddef>
#include <memory>
#include <utility>

#include "doctest/doctest.h"

namespace heddle {

TEST_CASE("a body is moved to its place, called there and then destroyed") {
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = token;
  alignas(std::max_align_t) std::byte place[64];
  TaskBody body;
  {
    auto function = [token = std::move(token)] { *token = 7; };
    body = TaskBody::Of(&function);
    REQUIRE(body.size <= sizeof(place));
    body.move(body.function, place);
  }
  REQUIRE_FALSE(watch.expired());
  const std::shared_ptr<int> seen = watch.lock();
  body.run(place);
  CHECK(*seen == 7);
  CHECK(seen.use_count() == 1);
}

TEST_CASE("a body that can only be moved, and asks for more than the usual alignment, is kept") {
  struct alignas(64) Wide {
    std::unique_ptr<int> value = std::make_unique<int>(1);
    int* out = nullptr;
    void operator()() { *out = *value; }
  };
  int result = 0;
  Wide wide;
  wide.out = &result;
  const TaskBody body = TaskBody::Of(&wide);
  CHECK(body.alignment == 64);
  alignas(64) std::byte place[sizeof(Wide)];
  body.move(body.function, place);
  CHECK(wide.value == nullptr);
  body.run(place);
  CHECK(result == 1);
}

}  // namespace heddle
