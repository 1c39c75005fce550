// SPDX-License-Identifier: GPL-2.0-only
//
// The link is replaced by another one with the same handle while an update of it is on its way.
//
//   rx worker:        request of link 1 [queued] ... disconnect, connect: link 2 has the handle
//   cmd_sync worker:                                                     command with link 1's
//   values
//
// Bug:    between the test of the link and the command the handle changes hands (R2, R12); the test
// compares the
//         address only (R16) or finds an equal link (R3); versions without a test never notice.
// Expect: every version but B-ideal sends a command to a link that never asked.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/hci_sync.h"
#include "models/bluetooth/invariants.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

struct Reconnection {
  update_options update;
  link_spec second;
};

// The link goes, and the controller gives its handle to the next one.
static void Reconnect(heddle::Execution& execution, const Reconnection& options) {
  const environment world = environment_create(options.update);
  environment_connect(world, {});
  environment_add_params(world, kOtherPeer, ADDR_LE_DEV_RANDOM);
  add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
  const link_spec second = options.second;
  environment_receive(world, {update_request_frame(kHandle, 1, kFasterParams)});
  execution.Spawn("hardware", [=] {
    environment_deliver(world,
                        disconn_complete_event({.status = 0, .handle = kHandle, .reason = 0x13}));
    environment_deliver(world, le_conn_complete_event({.status = 0,
                                                       .link_type = second.type,
                                                       .handle = kHandle,
                                                       .role = HCI_ROLE_MASTER,
                                                       .bdaddr_type = second.peer_type,
                                                       .bdaddr = second.peer,
                                                       .interval = 24,
                                                       .latency = 0,
                                                       .supervision_timeout = 42}));
  });
  execution.JoinAll();
}

static const bool
    update_vs_reconnect_other_peer =
        heddle::Register<Reconnection>(
            {
                .name = "bluetooth/update_vs_reconnect_other_peer",
                .story = "The link's handle goes to another peer.",
                .body = Reconnect,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B1",
                         .options = {variant("B1"), {.peer = kOtherPeer}},
                         .executions = 478,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R2", "R12"}},
                        {.id = "B2n",
                         .options = {variant("B2n"), {.peer = kOtherPeer}},
                         .executions = 478,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R2", "R12"}},
                        {.id = "B2",
                         .options = {variant("B2"), {.peer = kOtherPeer}},
                         .executions = 432,
                         .findings = {{.bug = "R2", .preemptions = 1}},
                         .decides = {"R12"}},
                        {.id = "B3",
                         .options = {variant("B3"), {.peer = kOtherPeer}},
                         .executions = 507,
                         .findings = {{.bug = "B3-invariant"}, {.bug = "R18"}},
                         .decides = {"R2", "R12"}},
                        {.id = "B3-noref",
                         .options = {variant("B3-noref"), {.peer = kOtherPeer}},
                         .executions = 442,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1},
                                      {.bug = "R18"},
                                      {.bug = "R19"}},
                         .decides = {"R2", "R12"}},
                        {.id = "B3-nocmp",
                         .options = {variant("B3-nocmp"), {.peer = kOtherPeer}},
                         .executions = 507,
                         .findings = {{.bug = "B3-invariant"}, {.bug = "R18"}},
                         .decides = {"R2", "R12"}},
                        {.id = "B3-noref-nocmp",
                         .options = {variant("B3-noref-nocmp"), {.peer = kOtherPeer}},
                         .executions = 442,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1},
                                      {.bug = "R18"},
                                      {.bug = "R19"}},
                         .decides = {"R2", "R12"}},
                        {.id = "B4",
                         .options = {variant("B4"), {.peer = kOtherPeer}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}, {.bug = "R15"}},
                         .decides = {"R2"}},
                        {.id = "B5",
                         .options = {variant("B5"), {.peer = kOtherPeer}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R2"}},
                        {.id = "B5-norecheck",
                         .options = {variant("B5-norecheck"), {.peer = kOtherPeer}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}, {.bug = "R15"}},
                         .decides = {"R2"}},
                        {.id = "B5f",
                         .options = {variant("B5f"), {.peer = kOtherPeer}},
                         .executions = 507,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R2"}},
                        {.id = "B2+F2",
                         .options = {variant("B2+F2"), {.peer = kOtherPeer}},
                         .executions = 432,
                         .findings = {{.bug = "R2", .preemptions = 1}},
                         .decides = {"R12"}},
                        {.id = "B-ideal",
                         .options = {variant("B-ideal"), {.peer = kOtherPeer}},
                         .executions = 441,
                         .decides = {"R2", "R12"}},
                    },
            });

static const bool
    update_vs_reconnect_same_peer =
        heddle::Register<Reconnection>(
            {
                .name = "bluetooth/update_vs_reconnect_same_peer",
                .story = "The same peer reconnects and gets the same handle.",
                .body = Reconnect,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B1",
                         .options = {variant("B1"), {}},
                         .executions = 478,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R3"}},
                        {.id = "B2n",
                         .options = {variant("B2n"), {}},
                         .executions = 478,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R3"}},
                        {.id = "B2",
                         .options = {variant("B2"), {}},
                         .executions = 458,
                         .findings = {{.bug = "R2", .preemptions = 1}, {.bug = "R3"}}},
                        {.id = "B3",
                         .options = {variant("B3"), {}},
                         .executions = 507,
                         .findings = {{.bug = "B3-invariant"}, {.bug = "R18"}},
                         .decides = {"R3"}},
                        {.id = "B3-noref",
                         .options = {variant("B3-noref"), {}},
                         .executions = 442,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1},
                                      {.bug = "R18"},
                                      {.bug = "R19"}},
                         .decides = {"R3"}},
                        {.id = "B3-nocmp",
                         .options = {variant("B3-nocmp"), {}},
                         .executions = 507,
                         .findings = {{.bug = "B3-invariant"}, {.bug = "R18"}},
                         .decides = {"R3"}},
                        {.id = "B3-noref-nocmp",
                         .options = {variant("B3-noref-nocmp"), {}},
                         .executions = 442,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1},
                                      {.bug = "R18"},
                                      {.bug = "R19"}},
                         .decides = {"R3"}},
                        {.id = "B4",
                         .options = {variant("B4"), {}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}, {.bug = "R15"}},
                         .decides = {"R3"}},
                        {.id = "B5",
                         .options = {variant("B5"), {}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R3"}},
                        {.id = "B5-norecheck",
                         .options = {variant("B5-norecheck"), {}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}, {.bug = "R15"}},
                         .decides = {"R3"}},
                        {.id = "B5f",
                         .options = {variant("B5f"), {}},
                         .executions = 507,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R3"}},
                        {.id = "B2+F2",
                         .options = {variant("B2+F2"), {}},
                         .executions = 458,
                         .findings = {{.bug = "R2", .preemptions = 1}, {.bug = "R3"}}},
                        {.id = "B-ideal",
                         .options = {variant("B-ideal"), {}},
                         .executions = 441,
                         .decides = {"R3"}},
                    },
            });

static const bool
    update_vs_reconnect_other_type =
        heddle::Register<Reconnection>(
            {
                .name = "bluetooth/update_vs_reconnect_other_type",
                .story = "A link with the same address but another address type gets the handle.",
                .body = Reconnect,
                .bounds = {.preemptions = 1, .faults = 0},
                .variants =
                    {
                        {.id = "B1",
                         .options = {variant("B1"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 478,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R16"}},
                        {.id = "B2n",
                         .options = {variant("B2n"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 478,
                         .findings = {{.bug = "B2n-invariant"}},
                         .decides = {"R16"}},
                        {.id = "B2",
                         .options = {variant("B2"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 458,
                         .findings = {{.bug = "R16"}, {.bug = "R2", .preemptions = 1}}},
                        {.id = "B3",
                         .options = {variant("B3"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 507,
                         .findings = {{.bug = "B3-invariant"}, {.bug = "R18"}},
                         .decides = {"R16"}},
                        {.id = "B3-noref",
                         .options = {variant("B3-noref"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 442,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1},
                                      {.bug = "R18"},
                                      {.bug = "R19"}},
                         .decides = {"R16"}},
                        {.id = "B3-nocmp",
                         .options = {variant("B3-nocmp"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 507,
                         .findings = {{.bug = "B3-invariant"}, {.bug = "R18"}},
                         .decides = {"R16"}},
                        {.id = "B3-noref-nocmp",
                         .options = {variant("B3-noref-nocmp"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 442,
                         .findings = {{.bug = "B3-invariant", .preemptions = 1},
                                      {.bug = "R18"},
                                      {.bug = "R19"}},
                         .decides = {"R16"}},
                        {.id = "B4",
                         .options = {variant("B4"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}, {.bug = "R15"}},
                         .decides = {"R16"}},
                        {.id = "B5",
                         .options = {variant("B5"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R16"}},
                        {.id = "B5-norecheck",
                         .options = {variant("B5-norecheck"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 503,
                         .findings = {{.bug = "R12", .preemptions = 1}, {.bug = "R15"}},
                         .decides = {"R16"}},
                        {.id = "B5f",
                         .options = {variant("B5f"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 507,
                         .findings = {{.bug = "R12", .preemptions = 1}},
                         .decides = {"R16"}},
                        {.id = "B2+F2",
                         .options = {variant("B2+F2"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 458,
                         .findings = {{.bug = "R16"}, {.bug = "R2", .preemptions = 1}}},
                        {.id = "B-ideal",
                         .options = {variant("B-ideal"), {.peer_type = ADDR_LE_DEV_PUBLIC}},
                         .executions = 441,
                         .decides = {"R16"}},
                    },
            });

}  // namespace models::bluetooth
