// SPDX-License-Identifier: MIT
//
// How failures get the ids of known bugs: single patterns against one failure, then catalogues.

#include "heddle/testing/bug.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/core/failure.h"

namespace heddle {
namespace {

const Failure kDeadlock = {.kind = FailureKind::kDeadlock,
                           .objects = {"conn->lock", "hdev->lock"},
                           .functions = {"hci_le_conn_update", "l2cap_chan_connect"}};
const Failure kBrokenInvariant = {.kind = FailureKind::kInvariant, .property = "INV-B1"};

TEST_CASE("a pattern needs its kind, its property, and all of its objects and functions") {
  CHECK(Matches({.kind = FailureKind::kDeadlock}, kDeadlock));
  CHECK(Matches({.kind = FailureKind::kDeadlock, .objects = {"hdev->lock"}}, kDeadlock));
  CHECK(Matches({.kind = FailureKind::kDeadlock, .functions = {"l2cap_chan_connect"}}, kDeadlock));
  CHECK(Matches({.kind = FailureKind::kInvariant, .property = "INV-B1"}, kBrokenInvariant));

  CHECK_FALSE(Matches({.kind = FailureKind::kHang}, kDeadlock));
  CHECK_FALSE(Matches({.kind = FailureKind::kDeadlock, .objects = {"hdev->lock", "x"}}, kDeadlock));
  CHECK_FALSE(Matches({.kind = FailureKind::kDeadlock, .objects = {"hdev"}}, kDeadlock));
  CHECK_FALSE(Matches({.kind = FailureKind::kDeadlock, .functions = {"connect"}}, kDeadlock));
  CHECK_FALSE(Matches({.kind = FailureKind::kInvariant, .property = "INV-B2"}, kBrokenInvariant));
}

std::string IdOf(const BugCatalogue& catalogue, const Failure& failure) {
  const BugPattern* bug = catalogue.Recognise(failure);
  return bug == nullptr ? "unknown" : bug->id;
}

TEST_CASE("the pattern that names most wins, whatever the order") {
  BugCatalogue catalogue;
  CHECK(IdOf(catalogue, kDeadlock) == "unknown");
  catalogue.Add({.id = "any", .kind = FailureKind::kDeadlock});
  CHECK(IdOf(catalogue, kDeadlock) == "any");
  catalogue.Add({.id = "R2",
                 .kind = FailureKind::kDeadlock,
                 .objects = {"conn->lock"},
                 .functions = {"l2cap_chan_connect"}});
  catalogue.Add({.id = "R1", .kind = FailureKind::kDeadlock, .objects = {"hdev->lock"}});
  CHECK(IdOf(catalogue, kDeadlock) == "R2");
  CHECK(IdOf(catalogue, kBrokenInvariant) == "unknown");
}

TEST_CASE("among equally specific patterns the first one wins") {
  BugCatalogue catalogue;
  catalogue.Add({.id = "R1", .kind = FailureKind::kDeadlock, .objects = {"hdev->lock"}});
  catalogue.Add({.id = "R2", .kind = FailureKind::kDeadlock, .objects = {"conn->lock"}});
  CHECK(IdOf(catalogue, kDeadlock) == "R1");
}

TEST_CASE("a bug is found by its id, in its first pattern") {
  BugCatalogue catalogue;
  catalogue.Add({.id = "R1", .sentence = "first"});
  catalogue.Add({.id = "R1", .sentence = "second"});
  REQUIRE(catalogue.Find("R1") != nullptr);
  CHECK(catalogue.Find("R1")->sentence == "first");
  CHECK(catalogue.Find("R") == nullptr);
}

}  // namespace
}  // namespace heddle
