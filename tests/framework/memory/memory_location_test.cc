// SPDX-License-Identifier: MIT

#include "heddle/memory/memory_location.h"

#include <doctest/doctest.h>

#include <string>

namespace heddle {
namespace {

using Kind = MemoryLocation::Kind;

TEST_CASE("a location of each kind has its own form of text, and is read back from it") {
  const MemoryLocation object{Kind::kObject, "hci_conn", 2, 8, 4};
  const MemoryLocation global{Kind::kGlobal, "(anonymous namespace)::jiffies", 1, 0, 8};
  const MemoryLocation stack{Kind::kStack, "rx #1+2.3 worker", 3, 96, 4};
  CHECK(MemoryLocationText(object) == "hci_conn#2+8.4");
  CHECK(MemoryLocationText(global) == "global (anonymous namespace)::jiffies#1+0.8");
  CHECK(MemoryLocationText(stack) == "stack of rx #1+2.3 worker#3+96.4");
  for (const MemoryLocation& location : {object, global, stack}) {
    CHECK(ParseMemoryLocation(MemoryLocationText(location)) == location);
  }
}

TEST_CASE("a text that names no memory is no location") {
  for (const char* text :
       {"", "hci_conn", "hci_conn#1", "hci_conn#1+8", "hci_conn#1+8.x", "hci_conn#+8.4",
        "hci_conn#1+.4", "release conn->lock#1", "release conn.2+lock#1+1.1"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(ParseMemoryLocation(text));
  }
}

}  // namespace
}  // namespace heddle
