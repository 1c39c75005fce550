// SPDX-License-Identifier: GPL-2.0-only
//
// Setting a scenario up: a controller that runs, links to peers, and what peers and hardware send.
//
//   environment* world = environment_create(variant("B2"));
//   hci_conn* hcon = environment_connect(world, {.handle = 0x40});
//   environment_receive(world, update_request_frame(0x40, 1, kFasterParams));
//   execution.Spawn("bluetoothd", [=] { l2cap_chan_connect(...); });
//   execution.JoinAll();
//
// Everything here is meant for the one task that sets up, before it spawns others: nothing of it
// wakes a worker, except environment_receive, which should come last. So setting up costs no
// schedules. Afterwards actors call the port itself: environment_deliver(world,
// update_complete_event(...)) from a task that plays the hardware, l2cap_chan_connect or
// hci_dev_do_close from one that plays a user.
//
// No allocation fails while the environment is set up. Which ones may fail later is the scenario's
// to say, after it has been: environment_let_fail({...}).

#pragma once

#include <initializer_list>
#include <string_view>

#include "models/bluetooth/controller.h"
#include "models/bluetooth/ghost.h"
#include "models/bluetooth/hci_conn.h"
#include "models/bluetooth/l2cap_core.h"
#include "models/bluetooth/packets.h"

namespace models::bluetooth {

// ---- Names for addresses and values

// Two peers, and a resolvable private address under which the first one may be known before it
// tells the other.
inline constexpr bdaddr_t kPeer = {{0x01, 0x00, 0x00, 0x00, 0x00, 0xc0}};
inline constexpr bdaddr_t kOtherPeer = {{0x02, 0x00, 0x00, 0x00, 0x00, 0xc0}};
inline constexpr bdaddr_t kPrivateAddress = {{0x03, 0x00, 0x00, 0x00, 0x00, 0x40}};

inline constexpr u16 kHandle = 0x0040;
inline constexpr u16 kOtherHandle = 0x0041;

// In range, and different from one another and from what a new entry holds.
inline constexpr update_values kFasterParams = {
    .min = 6, .max = 12, .latency = 0, .to_multiplier = 200};
inline constexpr update_values kSlowerParams = {
    .min = 80, .max = 100, .latency = 4, .to_multiplier = 600};
inline constexpr update_values kOtherParams = {
    .min = 30, .max = 50, .latency = 2, .to_multiplier = 400};
// Refused: the interval ends before it begins.
inline constexpr update_values kBadParams = {
    .min = 20, .max = 10, .latency = 0, .to_multiplier = 200};

// ---- The environment

struct environment {
  hci_dev* hdev;
  controller* hardware;
  ghost_log* log;
};

struct link_spec {
  u16 handle = kHandle;
  bdaddr_t peer = kPeer;
  u8 peer_type = ADDR_LE_DEV_RANDOM;
  u8 type = LE_LINK;
  u8 role = HCI_ROLE_MASTER;
  // BT_CONNECTED, or BT_CONFIG for a link whose frames are still kept in pending_rx.
  u8 state = BT_CONNECTED;
  // 0 for a link that the controller's accept list made.
  unsigned int conn_timeout = HCI_LE_CONN_TIMEOUT_MS;
  // The peer has an entry in hci_conn_params.
  bool has_params = true;
};

// A controller of this version that is up and runs, without links.
environment environment_create(const update_options& options);

// Closes what is still open and frees everything; for scenarios that look for leaks. Wakes workers.
void environment_destroy(const environment& world);

// A link with its L2CAP connection.
hci_conn* environment_connect(const environment& world, const link_spec& spec);

// Stores default parameters for a peer that has none.
void environment_add_params(const environment& world, const bdaddr_t& peer, u8 peer_type);

// A frame that came before its link was connected: goes to pending_rx, unhandled.
void environment_keep(hci_conn* hcon, sk_buff* skb);

// A channel that is not yet in any connection, with one reference for the caller.
l2cap_chan* environment_channel();
// A channel in the link's connection that waits for its user to accept it, as others with `ident`
// do.
l2cap_chan* environment_deferred_channel(hci_conn* hcon, u16 scid, u8 ident);

// ---- What actors do

// The hardware, or a peer through it, sends a packet now; dropped if the controller is down.
void environment_deliver(const environment& world, sk_buff* skb);

// ---- What happens as soon as the other tasks run

// Packets that came in, in this order, and wait for one run of rx_work.
void environment_receive(const environment& world, std::initializer_list<sk_buff*> packets);

// The link is connected, and what was kept for it is to be handled.
void environment_start_pending_rx(hci_conn* hcon);

// From now on these allocations may fail, each at the cost of one fault: types, functions, or both
// ("sk_buff in l2cap_build_cmd"). Without it none may.
void environment_let_fail(std::initializer_list<std::string_view> sites);

// The allocations on the way of a request.
inline constexpr std::string_view kDataSites[] = {"conn_param_update_data", "le_conn_update_data"};
inline constexpr std::string_view kEntrySite = "hci_cmd_sync_work_entry";
inline constexpr std::string_view kResponseSites[] = {"sk_buff in l2cap_build_cmd",
                                                      "sk_buff in l2cap_prepare_answer"};
inline constexpr std::string_view kCommandSite = "sk_buff in hci_cmd_sync_alloc";
inline constexpr std::string_view kNoticeSite = "sk_buff in mgmt_new_conn_param";
// All of them.
void environment_let_requests_fail();

}  // namespace models::bluetooth
