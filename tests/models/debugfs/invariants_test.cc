// SPDX-License-Identifier: MIT
//
// The invariants over records made by hand: each is kept by the plain case and broken by the least
// change that its sentence forbids.

#include "models/debugfs/invariants.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "models/debugfs/ghost.h"

namespace models::debugfs {
namespace {

// One file that was read, then removed.
ghost_log ReadAndRemoved() {
  ghost_log log;
  log.files[log.file_count++] = {.name = "state", .is_unlinked = true, .is_removed = true};
  log.calls[log.call_count++] = {.call = "open", .result = 0};
  log.calls[log.call_count++] = {.call = "read", .result = 2};
  return log;
}

TEST_CASE("a file that was read and then removed breaks nothing") {
  const ghost_log log = ReadAndRemoved();
  CHECK_FALSE(inv_g1(log));
  CHECK_FALSE(inv_g2(log));
  CHECK_FALSE(inv_g5(log));
}

TEST_CASE("a handler that is inside when removal returns breaks INV-G1 in removal") {
  ghost_log log = ReadAndRemoved();
  log.files[0].handlers_at_removal = 1;
  const std::optional<breach> found = inv_g1(log);
  REQUIRE(found);
  CHECK(found->functions == std::vector<std::string>{"__debugfs_file_removed"});
  CHECK(found->sentence == "debugfs_remove returned with 1 handlers of \"state\" inside");
}

TEST_CASE("a handler that begins after removal breaks INV-G1 where it was let in") {
  ghost_log log = ReadAndRemoved();
  log.files[0].handlers_after_removal = 1;
  const std::optional<breach> found = inv_g1(log);
  REQUIRE(found);
  CHECK(found->functions == std::vector<std::string>{"debugfs_file_get"});
}

TEST_CASE("a handler that stays inside breaks INV-G2 only if its file is removed") {
  ghost_log log = ReadAndRemoved();
  log.files[0].handlers = 1;
  CHECK(inv_g2(log));
  log.files[0].is_removed = false;
  CHECK_FALSE(inv_g2(log));
}

TEST_CASE("INV-G5 allows data and four errors, and names the call that returned another") {
  ghost_log log = ReadAndRemoved();
  for (const ssize_t allowed : {-EIO, -ENODEV, -ENOENT, -ENOMEM}) {
    log.calls[1].result = allowed;
    CHECK_FALSE(inv_g5(log));
  }
  log.calls[1].result = -EBUSY;
  const std::optional<breach> found = inv_g5(log);
  REQUIRE(found);
  CHECK(found->sentence == "read returned -16");
  CHECK(found->functions == std::vector<std::string>{"read"});
}

}  // namespace
}  // namespace models::debugfs
