// SPDX-License-Identifier: MIT
//
// Memory of one execution: places that do not overlap and stay, texts that are kept once.

#include "heddle/core/execution_storage.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "doctest/doctest.h"

namespace heddle {

TEST_CASE("places are aligned as asked and do not overlap") {
  ExecutionStorage storage;
  std::vector<unsigned char*> places;
  constexpr size_t kSize = 700;
  for (unsigned char i = 0; i < 100; ++i) {
    auto* place = static_cast<unsigned char*>(storage.Allocate(kSize, 64));
    CHECK(reinterpret_cast<uintptr_t>(place) % 16 == 0);
    std::memset(place, i, kSize);
    places.push_back(place);
  }
  for (unsigned char i = 0; i < 100; ++i) {
    CHECK(places[i][0] == i);
    CHECK(places[i][kSize - 1] == i);
  }
}

TEST_CASE("one task may capture a whole block, and the next place is in another one") {
  ExecutionStorage storage;
  auto* small = static_cast<std::byte*>(storage.Allocate(8, 8));
  auto* large = static_cast<std::byte*>(storage.Allocate(ExecutionStorage::kCaptureMax, 8));
  CHECK((large >= small + 8 || large + ExecutionStorage::kCaptureMax <= small));
}

TEST_CASE("after Reset the same places are given out again") {
  ExecutionStorage storage;
  void* const first = storage.Allocate(100, 8);
  storage.Allocate(ExecutionStorage::kCaptureMax, 8);
  storage.Reset();
  CHECK(storage.Allocate(100, 8) == first);
}

TEST_CASE("equal texts are kept once, until Reset") {
  ExecutionStorage storage;
  std::string text = "conn->lock";
  const char* const kept = storage.Intern(text);
  text[0] = 'x';
  CHECK(std::string(kept) == "conn->lock");
  CHECK(storage.Intern("conn->lock") == kept);
  CHECK(storage.Intern("hdev->lock") != kept);
}

}  // namespace heddle
