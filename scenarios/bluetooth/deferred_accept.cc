// SPDX-License-Identifier: GPL-2.0-only
//
// A user accepts channels that waited for it, while the peer ends one of them.
//
//   user:       l2cap_accept_deferred: walks conn->chan_l
//   rx worker:  l2cap_disconnect_req [conn->lock]: unlinks and frees a channel of the list
//
// Bug:    the deferred accept walks the channels of a connection without conn->lock (T6).
// Expect: it is in every version, for none touches this path; with conn->lock around the walk the
//         list holds.

#include "heddle/testing/scenario.h"
#include "models/bluetooth/environment.h"
#include "models/bluetooth/l2cap_sig.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

static void DeferredAccept(heddle::Execution& execution, const update_options& options) {
  const environment world = environment_create(options);
  hci_conn* hcon = environment_connect(world, {});
  l2cap_chan_put(environment_deferred_channel(hcon, L2CAP_CID_DYN_START, 7));
  l2cap_chan* reading = environment_deferred_channel(hcon, L2CAP_CID_DYN_START + 1, 7);
  environment_receive(world, {disconnect_request_frame(kHandle, 1, L2CAP_CID_DYN_START)});
  execution.Spawn("bluetoothd", [=] { l2cap_accept_deferred(world.hdev, reading); });
  execution.JoinAll();
}

static const heddle::ExpectedFinding t6 = {.bug = "T6", .preemptions = 1};
static const heddle::ExpectedFinding t6_2p = {.bug = "T6", .preemptions = 2};

static const std::vector<heddle::NamedVariant> table = {
    {"B0", 422, {t6}},
    {"B2", 422, {t6}},
    {"B5", 422, {t6}},
    {"B5f", 422, {t6}},
    {"B5f+accept-lock", 364, {}, {"T6"}},
    {"B-ideal", 364, {}, {"T6"}},
};

static const bool deferred_accept = heddle::Register<update_options>({
    .name = "bluetooth/deferred_accept",
    .story = "A user accepts channels of which the peer ends one.",
    .body = DeferredAccept,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::bluetooth
