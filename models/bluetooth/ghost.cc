// SPDX-License-Identifier: GPL-2.0-only

#include "models/bluetooth/ghost.h"

#include <cerrno>

#include "heddle/base/check.h"
#include "models/bluetooth/hci_conn.h"
#include "models/bluetooth/l2cap_sig.h"

namespace models::bluetooth {

// Causes by which the cmd_sync queue refuses entries.
static constexpr char kNotRunning[] = "HCI_RUNNING";
static constexpr char kUnregistering[] = "HCI_UNREGISTER";

// Outside of the memory of the program under test, which dies with it.
static ghost_log the_log;

ghost_log* ghost_log_create() {
  the_log = {};
  return &the_log;
}

// ---- Looking things up

static bool has_address(const bdaddr_t& a, u8 a_type, const bdaddr_t& b, u8 b_type) {
  return a_type == b_type && bacmp(&a, &b) == 0;
}

static ghost_request* request_with(ghost_log* log, const update_values& values) {
  for (int i = 0; i < log->request_count; ++i) {
    if (equal(log->requests[i].values, values)) return &log->requests[i];
  }
  return nullptr;
}

// Values of a publication may be mixed from a request and an event: its interval says whose they
// are.
static int request_for_interval(const ghost_log& log, const update_values& values) {
  for (int i = 0; i < log.request_count; ++i) {
    const update_values& asked = log.requests[i].values;
    if (asked.min == values.min && asked.max == values.max) return i;
  }
  return kNoRequest;
}

static int owner_of(const ghost_log& log, u16 handle) {
  for (int i = 0; i < log.link_count; ++i) {
    if (log.links[i].is_connected && log.links[i].handle == handle) return i;
  }
  return kNoLink;
}

static bool is_connected(const ghost_log& log, int link) {
  return link != kNoLink && log.links[link].is_connected;
}

static update_values values_of(const hci_cp_le_conn_update& cp) {
  return {cp.conn_interval_min, cp.conn_interval_max, cp.conn_latency, cp.supervision_timeout};
}

static const hci_cp_le_conn_update* update_in(sk_buff* skb) {
  const bt_skb_cb* cb = bt_cb(skb);
  if (cb->pkt_type != HCI_COMMAND_PKT || cb->opcode != HCI_OP_LE_CONN_UPDATE) return nullptr;
  return reinterpret_cast<const hci_cp_le_conn_update*>(skb->data);
}

// ---- Links

void ghost_link_connected(hci_conn* conn) {
  if (conn->ghost_link != kNoLink) return;
  ghost_log* log = conn->hdev->ghost;
  HEDDLE_CHECK(log->link_count < ghost_log::kLinks) << "more links than the record has room for";
  conn->ghost_link = log->link_count;
  log->links[log->link_count++] = {.handle = conn->handle,
                                   .type = conn->type,
                                   .dst = conn->dst,
                                   .dst_type = conn->dst_type,
                                   .identity = conn->dst,
                                   .identity_type = conn->dst_type,
                                   .is_connected = true};
}

void ghost_link_gone(hci_conn* conn) {
  if (conn->ghost_link != kNoLink) conn->hdev->ghost->links[conn->ghost_link].is_connected = false;
}

void ghost_identity_known(hci_conn* conn) {
  if (conn->ghost_link == kNoLink) return;
  ghost_link& link = conn->hdev->ghost->links[conn->ghost_link];
  link.identity = conn->dst;
  link.identity_type = conn->dst_type;
}

// ---- Requests

static bool has_params(hci_dev* hdev, const bdaddr_t& addr, u8 addr_type) {
  hci_conn_params* params = nullptr;
  list_for_each_entry(params, &hdev->le_conn_params, list) {
    if (has_address(params->addr, params->addr_type, addr, addr_type)) return true;
  }
  return false;
}

void ghost_request_received(const hci_conn* conn, u8 ident, const update_values& values) {
  ghost_log* log = conn->hdev->ghost;
  HEDDLE_CHECK(log->request_count < ghost_log::kRequests)
      << "more requests than the record has room for";
  HEDDLE_CHECK(request_with(log, values) == nullptr)
      << "two requests of a scenario must not ask for the same values";
  log->requests[log->request_count++] = {
      .link = conn->ghost_link,
      .ident = ident,
      .values = values,
      .has_params = has_params(conn->hdev, conn->dst, conn->dst_type),
      .has_identity = hci_is_identity_address(&conn->dst, conn->dst_type)};
}

void ghost_frame_sent(hci_dev* hdev, sk_buff* skb) {
  const auto* lh = reinterpret_cast<const l2cap_hdr*>(skb->data);
  const auto* cmd = reinterpret_cast<const l2cap_cmd_hdr*>(lh + 1);
  if (lh->cid != L2CAP_CID_LE_SIGNALING || cmd->code != L2CAP_CONN_PARAM_UPDATE_RSP) return;

  ghost_log* log = hdev->ghost;
  const int link = owner_of(*log, bt_cb(skb)->handle);
  for (int i = 0; i < log->request_count; ++i) {
    ghost_request& request = log->requests[i];
    if (request.link != link || request.ident != cmd->ident) continue;
    ++request.responses;
    request.result = reinterpret_cast<const l2cap_conn_param_update_rsp*>(cmd + 1)->result;
  }
}

static void drop(ghost_log* log, ghost_request* request, const char* object, const char* function) {
  if (request->dropped_in != nullptr) return;
  request->dropped_for = object;
  request->dropped_in = function;
  const bool is_refusal = object == kUnregistering || object == kNotRunning;
  request->was_refused = is_refusal && is_connected(*log, request->link);
}

void ghost_request_dropped(hci_dev* hdev, const update_values& values, const char* object,
                           const char* function) {
  if (ghost_request* request = request_with(hdev->ghost, values)) {
    drop(hdev->ghost, request, object, function);
  }
}

void ghost_confirmation_dropped(hci_conn* conn, const char* object, const char* function) {
  ghost_log* log = conn->hdev->ghost;
  for (int i = 0; i < log->request_count; ++i) {
    ghost_request& request = log->requests[i];
    if (request.link == conn->ghost_link && request.is_confirmed) {
      drop(log, &request, object, function);
    }
  }
}

const char* ghost_cause_of(int error) {
  switch (error) {
    case -ENOMEM:
      return "hci_cmd_sync_work_entry";
    case -ENETDOWN:
      return kNotRunning;
    case -ENODEV:
      return kUnregistering;
    case -ETIMEDOUT:
      return "hdev->req_wait_q";
    default:
      return "hdev->req_status";
  }
}

void ghost_link_checked(hci_dev* hdev, const update_values& values, const hci_conn* conn) {
  if (ghost_request* request = request_with(hdev->ghost, values)) {
    request->checked_link = conn->ghost_link;
  }
}

// ---- Commands and events

void ghost_command_queued(hci_dev* hdev, sk_buff* skb, const char* caller) {
  const hci_cp_le_conn_update* cp = update_in(skb);
  if (cp == nullptr) return;
  ghost_log* log = hdev->ghost;
  ghost_request* request = request_with(log, values_of(*cp));
  if (request == nullptr) return;

  const int owner = owner_of(*log, cp->handle);
  if (owner == request->link) {
    ++request->commands_queued;
    return;
  }
  HEDDLE_CHECK(log->stray_count < ghost_log::kStrays) << "more strays than the record has room for";
  log->strays[log->stray_count++] = {
      .request = static_cast<int>(request - log->requests), .owner = owner, .caller = caller};
}

void ghost_command_sent(hci_dev* hdev, sk_buff* skb) {
  const hci_cp_le_conn_update* cp = update_in(skb);
  if (cp == nullptr) return;
  ghost_log* log = hdev->ghost;
  ghost_request* request = request_with(log, values_of(*cp));
  if (request == nullptr || request->link == kNoLink) return;
  if (log->links[request->link].handle == cp->handle) ++request->commands_sent;
}

void ghost_update_completed(hci_conn* conn, const hci_ev_le_conn_update_complete& ev) {
  ghost_log* log = conn->hdev->ghost;
  for (int i = 0; i < log->request_count; ++i) {
    ghost_request& request = log->requests[i];
    const update_values& asked = request.values;
    const bool fits = asked.min <= ev.interval && ev.interval <= asked.max &&
                      asked.latency == ev.latency && asked.to_multiplier == ev.supervision_timeout;
    if (request.link != conn->ghost_link || request.commands_sent == 0) continue;
    if (request.is_confirmed || !fits) continue;
    request.is_confirmed = true;
    return;
  }
}

void ghost_wait_ended(hci_dev* hdev, const hci_ev_le_conn_update_complete& ev) {
  const hci_cp_le_conn_update* cp = update_in(hdev->req_skb);
  if (cp == nullptr) return;
  hdev->ghost->wait_ended_by = ev.status != 0 ? "hci_ev_le_conn_update_complete.status"
                               : ev.handle != cp->handle
                                   ? "hci_ev_le_conn_update_complete.handle"
                                   : "hci_ev_le_conn_update_complete.interval";
}

// ---- Stores and notices

static void publish(ghost_log* log, ghost_publication publication) {
  HEDDLE_CHECK(log->publication_count < ghost_log::kPublications)
      << "more stores and notices than the record has room for";
  publication.request = request_for_interval(*log, publication.values);
  if (publication.request != kNoRequest) {
    const ghost_request& request = log->requests[publication.request];
    publication.was_confirmed = request.is_confirmed;
    publication.was_connected = is_connected(*log, request.link);
  }
  publication.wait_ended_by = log->wait_ended_by;
  log->publications[log->publication_count++] = publication;
}

void ghost_params_stored(hci_dev* hdev, const hci_conn_params& params, const char* caller) {
  publish(hdev->ghost, {.is_notice = false,
                        .addr = params.addr,
                        .addr_type = params.addr_type,
                        .values = {params.conn_min_interval, params.conn_max_interval,
                                   params.conn_latency, params.supervision_timeout},
                        .caller = caller});
}

void ghost_user_told(hci_dev* hdev, const bdaddr_t& addr, u8 addr_type, const update_values& values,
                     const char* caller) {
  publish(hdev->ghost, {.is_notice = true,
                        .addr = addr,
                        .addr_type = addr_type,
                        .values = values,
                        .caller = caller});
}

// ---- Users

void ghost_user_waited(hci_dev* hdev, unsigned long jiffies, const char* function) {
  ghost_log* log = hdev->ghost;
  if (log->waited_in != nullptr && jiffies <= log->waited) return;
  log->waited = jiffies;
  log->waited_in = function;
}

// ---- Memory of queued updates

void ghost_data_allocated(hci_dev* hdev, const void* data) {
  if (data != nullptr) ++hdev->ghost->data_allocated;
}
void ghost_data_freed(hci_dev* hdev) {
  ++hdev->ghost->data_freed;
}
void ghost_data_waits(hci_dev* hdev, int more) {
  hdev->ghost->data_waiting += more;
}
void ghost_reference_taken(hci_dev* hdev) {
  ++hdev->ghost->references_taken;
}
void ghost_reference_dropped(hci_dev* hdev) {
  ++hdev->ghost->references_dropped;
}

}  // namespace models::bluetooth
