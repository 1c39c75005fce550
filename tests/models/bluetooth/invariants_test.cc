// SPDX-License-Identifier: MIT
//
// The invariants over records made by hand: each is kept by the plain case and broken by the least
// change that its sentence forbids.

#include "models/bluetooth/invariants.h"

#include <doctest/doctest.h>

#include "models/bluetooth/l2cap_sig.h"
#include "models/kernel/jiffies.h"

namespace models::bluetooth {
namespace {

// One link, one request that was accepted, carried out, confirmed, stored and told.
ghost_log CarriedOut() {
  ghost_log log;
  log.links[log.link_count++] = {
      .handle = kHandle, .type = LE_LINK, .dst = kPeer, .identity = kPeer, .is_connected = true};
  log.requests[log.request_count++] = {.link = 0,
                                       .ident = 1,
                                       .values = kFasterParams,
                                       .has_params = true,
                                       .has_identity = true,
                                       .responses = 1,
                                       .result = L2CAP_CONN_PARAM_ACCEPTED,
                                       .commands_queued = 1,
                                       .commands_sent = 1,
                                       .is_confirmed = true};
  for (const bool is_notice : {false, true}) {
    log.publications[log.publication_count++] = {.is_notice = is_notice,
                                                 .addr = kPeer,
                                                 .values = kFasterParams,
                                                 .caller = "publisher",
                                                 .request = 0,
                                                 .was_confirmed = true,
                                                 .was_connected = true};
  }
  return log;
}

TEST_CASE("a request that went all its way breaks nothing") {
  const ghost_log log = CarriedOut();
  CHECK_FALSE(inv_b1(log));
  CHECK_FALSE(inv_b2(log));
  CHECK_FALSE(inv_b3(log, update_event::CONFIRMED));
  CHECK_FALSE(inv_b4(log, update_event::COMMAND_QUEUED));
  CHECK_FALSE(inv_b5(log));
  CHECK_FALSE(inv_b7(log));
  CHECK_FALSE(inv_b8(log));
}

TEST_CASE("ACCEPTED without a command breaks INV-B1 where the request was dropped") {
  ghost_log log = CarriedOut();
  log.requests[0].commands_sent = 0;
  log.requests[0].dropped_in = "giver_up";
  log.requests[0].dropped_for = "memory";
  const std::optional<breach> found = inv_b1(log);
  REQUIRE(found);
  CHECK(found->functions == std::vector<std::string>{"giver_up"});
  CHECK(found->objects == std::vector<std::string>{"memory"});

  log.links[0].is_connected = false;
  CHECK_FALSE(inv_b1(log));
  log.requests[0].was_refused = true;
  CHECK_FALSE(inv_b1(log));
  CHECK(inv_b1(log, agreement::ALSO_OF_THE_REFUSED));
}

TEST_CASE("two commands for one request break INV-B1, and REJECTED with none keeps it") {
  ghost_log log = CarriedOut();
  log.requests[0].commands_sent = 2;
  CHECK(inv_b1(log));
  log.requests[0].commands_sent = 0;
  log.requests[0].result = L2CAP_CONN_PARAM_REJECTED;
  CHECK_FALSE(inv_b1(log));
}

// The cause that INV-B2 names for a command that went astray after `checked` was found fit.
std::string CauseOfStray(int checked, const ghost_link& found) {
  ghost_log log = CarriedOut();
  log.links[log.link_count++] = found;
  log.requests[0].checked_link = checked;
  log.strays[log.stray_count++] = {.request = 0, .owner = 1, .caller = "sender"};
  const std::optional<breach> broken = inv_b2(log);
  REQUIRE(broken);
  CHECK(broken->functions == std::vector<std::string>{"sender"});
  return broken->objects.front();
}

TEST_CASE("a stray command breaks INV-B2 and names what let it go astray") {
  const ghost_link same = {.handle = kHandle, .type = LE_LINK, .dst = kPeer, .is_connected = true};
  ghost_link other_type = same;
  other_type.dst_type = ADDR_LE_DEV_RANDOM;
  ghost_link other_link = same;
  other_link.type = ACL_LINK;
  CHECK(CauseOfStray(kNoLink, same) == "hcon->handle");
  CHECK(CauseOfStray(0, same) == "hdev->lock");
  CHECK(CauseOfStray(1, same) == "hci_conn");
  CHECK(CauseOfStray(1, other_type) == "hcon->dst_type");
  CHECK(CauseOfStray(1, other_link) == "hcon->type");
}

TEST_CASE("values stored before they were confirmed break INV-B3 only where that was promised") {
  ghost_log log = CarriedOut();
  log.publications[0].was_confirmed = false;
  log.publications[0].wait_ended_by = "event.status";
  CHECK_FALSE(inv_b3(log, update_event::COMMAND_QUEUED));
  const std::optional<breach> found = inv_b3(log, update_event::CONFIRMED);
  REQUIRE(found);
  CHECK(found->objects == std::vector<std::string>{"event.status"});
  CHECK(found->functions == std::vector<std::string>{"publisher"});
}

TEST_CASE("values stored without a command, for another peer, or of nobody break INV-B3") {
  ghost_log log = CarriedOut();
  log.requests[0].commands_queued = 0;
  CHECK(inv_b3(log, update_event::COMMAND_QUEUED));

  log = CarriedOut();
  log.publications[0].addr = kOtherPeer;
  CHECK(inv_b3(log, update_event::COMMAND_QUEUED));

  log = CarriedOut();
  log.publications[0].request = kNoRequest;
  CHECK(inv_b3(log, update_event::COMMAND_QUEUED));
}

TEST_CASE("a confirmed update that is not stored, or not told, breaks INV-B3, or INV-B4") {
  ghost_log log = CarriedOut();
  log.publication_count = 0;
  CHECK(inv_b3(log, update_event::CONFIRMED));
  CHECK(inv_b4(log, update_event::CONFIRMED));
  log.requests[0].has_params = false;
  log.requests[0].has_identity = false;
  CHECK_FALSE(inv_b3(log, update_event::CONFIRMED));
  CHECK_FALSE(inv_b4(log, update_event::CONFIRMED));
}

TEST_CASE("telling twice breaks INV-B4, and so does telling in the wrong order") {
  ghost_log log = CarriedOut();
  log.publications[log.publication_count++] = log.publications[1];
  CHECK(inv_b4(log, update_event::CONFIRMED));

  log = CarriedOut();
  log.requests[log.request_count++] = log.requests[0];
  log.requests[1].values = kSlowerParams;
  ghost_publication later = log.publications[1];
  later.values = kSlowerParams;
  later.request = 1;
  log.publications[log.publication_count++] = later;
  CHECK_FALSE(inv_b4(log, update_event::CONFIRMED));
  std::swap(log.publications[1], log.publications[2]);
  CHECK(inv_b4(log, update_event::CONFIRMED));
}

TEST_CASE("memory that is not given back breaks INV-B5") {
  ghost_log log = CarriedOut();
  log.data_allocated = 1;
  CHECK(inv_b5(log));
  log.data_freed = 1;
  CHECK_FALSE(inv_b5(log));
  log.references_taken = 1;
  CHECK(inv_b5(log));
}

TEST_CASE("no answer, and two answers, break INV-B7 while the link stands") {
  ghost_log log = CarriedOut();
  for (const int responses : {0, 2}) {
    log.requests[0].responses = responses;
    log.links[0].is_connected = true;
    CHECK(inv_b7(log));
    log.links[0].is_connected = false;
    CHECK_FALSE(inv_b7(log));
  }
}

TEST_CASE("INV-B6 is broken by the kernel's test of the range, and kept by the exact one") {
  update_options options;
  CHECK(inv_b6(options));
  options.checks_range_exactly = true;
  CHECK_FALSE(inv_b6(options));
}

TEST_CASE("a user that waits longer than a command may take breaks INV-B8") {
  ghost_log log = CarriedOut();
  log.waited_in = "hci_dev_do_close";
  log.waited = kernel::msecs_to_jiffies(HCI_CMD_TIMEOUT_MS);
  CHECK_FALSE(inv_b8(log));
  ++log.waited;
  const std::optional<breach> found = inv_b8(log);
  REQUIRE(found);
  CHECK(found->sentence == "hci_dev_do_close took 2001 ms");
  CHECK(found->objects == std::vector<std::string>{"hdev->req_lock"});
  CHECK(found->functions == std::vector<std::string>{"hci_dev_do_close"});
}

}  // namespace
}  // namespace models::bluetooth
