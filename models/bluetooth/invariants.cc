// SPDX-License-Identifier: GPL-2.0-only

#include "models/bluetooth/invariants.h"

#include "models/bluetooth/conn_param_range.h"
#include "models/bluetooth/l2cap_sig.h"
#include "models/kernel/jiffies.h"

namespace models::bluetooth {

// ---- Words

static std::string describe(const update_values& values) {
  return "interval " + std::to_string(values.min) + " to " + std::to_string(values.max) +
         ", latency " + std::to_string(values.latency) + ", timeout " +
         std::to_string(values.to_multiplier);
}

static std::string describe(const ghost_request& request) {
  return "request " + std::to_string(request.ident) + " (" + describe(request.values) + ")";
}

// Where the request was given up, or `otherwise`.
static std::vector<std::string> dropped_in(const ghost_request& request, const char* otherwise) {
  return {request.dropped_in != nullptr ? request.dropped_in : otherwise};
}
static std::vector<std::string> dropped_for(const ghost_request& request, const char* otherwise) {
  return {request.dropped_for != nullptr ? request.dropped_for : otherwise};
}

static bool stays_connected(const ghost_log& log, const ghost_request& request) {
  return request.link != kNoLink && log.links[request.link].is_connected;
}

// ---- INV-B1, INV-B2, INV-B7

std::optional<breach> inv_b1(const ghost_log& log, agreement promise) {
  for (int i = 0; i < log.request_count; ++i) {
    const ghost_request& request = log.requests[i];
    const bool is_bound = stays_connected(log, request) ||
                          (promise == agreement::ALSO_OF_THE_REFUSED && request.was_refused);
    const bool was_accepted = request.responses > 0 && request.result == L2CAP_CONN_PARAM_ACCEPTED;
    if (!is_bound || !was_accepted || request.commands_sent == 1) continue;
    return breach{.sentence = "the peer was told ACCEPTED for " + describe(request) + ", but got " +
                              std::to_string(request.commands_sent) + " update commands",
                  .objects = dropped_for(request, "HCI_OP_LE_CONN_UPDATE"),
                  .functions = dropped_in(request, "l2cap_conn_param_update_req")};
  }
  return std::nullopt;
}

// Names what made the callback take another link, or none, for the one that had asked.
static const char* mistaken_by(const ghost_log& log, const ghost_request& request) {
  if (request.checked_link == kNoLink) return "hcon->handle";  // It looked at nothing else.
  if (request.checked_link == request.link)
    return "hdev->lock";  // It was right, until it unlocked.
  const ghost_link& asked = log.links[request.link];
  const ghost_link& found = log.links[request.checked_link];
  if (asked.type != found.type) return "hcon->type";
  if (asked.dst_type != found.dst_type) return "hcon->dst_type";
  return "hci_conn";  // All that it compares is equal.
}

std::optional<breach> inv_b2(const ghost_log& log) {
  if (log.stray_count == 0) return std::nullopt;
  const ghost_stray& stray = log.strays[0];
  const ghost_request& request = log.requests[stray.request];
  const std::string owner =
      stray.owner == kNoLink ? "no link" : "link " + std::to_string(stray.owner);
  return breach{.sentence = "the command for " + describe(request) + " of link " +
                            std::to_string(request.link) + " was queued while " + owner +
                            " owned its handle",
                .objects = {mistaken_by(log, request)},
                .functions = {stray.caller}};
}

std::optional<breach> inv_b7(const ghost_log& log) {
  for (int i = 0; i < log.request_count; ++i) {
    const ghost_request& request = log.requests[i];
    if (!stays_connected(log, request) || request.responses == 1) continue;
    return breach{.sentence = describe(request) + " was answered " +
                              std::to_string(request.responses) + " times",
                  .objects = {"sk_buff"},
                  .functions = {"l2cap_send_cmd"}};
  }
  return std::nullopt;
}

// ---- INV-B3, INV-B4

update_event event_promised_by(const update_options& options) {
  return options.store == update_store::WHEN_SENT ? update_event::COMMAND_QUEUED
                                                  : update_event::CONFIRMED;
}

static bool belongs_to(const ghost_link& link, const ghost_publication& publication) {
  const bool is_dst =
      publication.addr_type == link.dst_type && bacmp(&publication.addr, &link.dst) == 0;
  const bool is_identity =
      publication.addr_type == link.identity_type && bacmp(&publication.addr, &link.identity) == 0;
  return is_dst || is_identity;
}

// A publication without its update, or for another peer.
static std::optional<breach> unfounded(const ghost_log& log, const ghost_publication& publication,
                                       update_event event) {
  const char* what = publication.is_notice ? "user space was told " : "stored was ";
  if (publication.request == kNoRequest) {
    return breach{.sentence = what + describe(publication.values) + ", which nobody asked for",
                  .objects = {"hci_conn_params"},
                  .functions = {publication.caller}};
  }
  const ghost_request& request = log.requests[publication.request];
  if (request.link == kNoLink || !belongs_to(log.links[request.link], publication)) {
    return breach{.sentence = what + describe(request) + " under the address of another peer",
                  .objects = {"hci_conn_params"},
                  .functions = {publication.caller}};
  }
  if (event == update_event::CONFIRMED && !publication.was_confirmed) {
    // A link that is gone cannot be confirmed any more; else the event was taken for another.
    const char* mistaken = publication.was_connected ? publication.wait_ended_by : "hci_conn";
    return breach{.sentence = what + describe(request) + ", which the controller had not confirmed",
                  .objects = {mistaken != nullptr ? mistaken : "hci_ev_le_conn_update_complete"},
                  .functions = {publication.caller}};
  }
  if (event == update_event::COMMAND_QUEUED && request.commands_queued == 0) {
    return breach{.sentence = what + describe(request) + ", whose command was never queued",
                  .objects = dropped_for(request, "hcon->handle"),
                  .functions = dropped_in(request, publication.caller)};
  }
  return std::nullopt;
}

static bool has_happened(const ghost_request& request, update_event event) {
  return event == update_event::CONFIRMED ? request.is_confirmed : request.commands_queued > 0;
}

static int count_publications(const ghost_log& log, int request, bool are_notices) {
  int count = 0;
  for (int i = 0; i < log.publication_count; ++i) {
    const ghost_publication& publication = log.publications[i];
    if (publication.is_notice == are_notices && publication.request == request) ++count;
  }
  return count;
}

// An update without its publication.
static std::optional<breach> missing(const ghost_log& log, update_event event, bool are_notices) {
  for (int i = 0; i < log.request_count; ++i) {
    const ghost_request& request = log.requests[i];
    const bool is_due = are_notices ? request.has_identity : request.has_params;
    if (!is_due || !stays_connected(log, request) || !has_happened(request, event)) continue;
    if (count_publications(log, i, are_notices) > 0) continue;
    return breach{.sentence = describe(request) + " was carried out, but " +
                              (are_notices ? "user space was not told" : "not stored"),
                  .objects = dropped_for(request, "hci_conn_params"),
                  .functions = dropped_in(request, "hci_le_conn_update_complete_evt")};
  }
  return std::nullopt;
}

std::optional<breach> inv_b3(const ghost_log& log, update_event event) {
  for (int i = 0; i < log.publication_count; ++i) {
    if (log.publications[i].is_notice) continue;
    if (std::optional<breach> found = unfounded(log, log.publications[i], event)) return found;
  }
  return missing(log, event, /*are_notices=*/false);
}

// Notices of one link come in the order of its requests.
static std::optional<breach> disordered(const ghost_log& log) {
  int last[ghost_log::kLinks];
  for (int& request : last) request = kNoRequest;
  for (int i = 0; i < log.publication_count; ++i) {
    const ghost_publication& notice = log.publications[i];
    if (!notice.is_notice || notice.request == kNoRequest) continue;
    const ghost_request& request = log.requests[notice.request];
    if (request.link == kNoLink) continue;
    if (notice.request < last[request.link]) {
      return breach{.sentence = "user space was told " + describe(request) +
                                " after a later request of the same link",
                    .objects = {"hdev->cmd_sync_work_list"},
                    .functions = {notice.caller}};
    }
    last[request.link] = notice.request;
  }
  return std::nullopt;
}

std::optional<breach> inv_b4(const ghost_log& log, update_event event) {
  for (int i = 0; i < log.publication_count; ++i) {
    const ghost_publication& notice = log.publications[i];
    if (!notice.is_notice) continue;
    if (std::optional<breach> found = unfounded(log, notice, event)) return found;
    if (count_publications(log, notice.request, true) > 1) {
      return breach{.sentence = "user space was told more than once of " +
                                describe(log.requests[notice.request]),
                    .objects = {"hci_conn_params"},
                    .functions = {notice.caller}};
    }
  }
  if (std::optional<breach> found = disordered(log)) return found;
  return missing(log, event, /*are_notices=*/true);
}

// ---- INV-B5, INV-B6, INV-B8

std::optional<breach> inv_b5(const ghost_log& log) {
  if (log.data_allocated != log.data_freed + log.data_waiting) {
    return breach{.sentence = std::to_string(log.data_allocated) + " updates were allocated, " +
                              std::to_string(log.data_freed) + " freed, and " +
                              std::to_string(log.data_waiting) + " wait with their links",
                  .objects = {"le_conn_update_data"},
                  .functions = {"hci_cmd_sync_work"}};
  }
  if (log.references_taken != log.references_dropped + log.data_waiting) {
    return breach{.sentence = std::to_string(log.references_taken) +
                              " references on links were taken, " +
                              std::to_string(log.references_dropped) + " dropped",
                  .objects = {"hci_conn"},
                  .functions = {"hci_cmd_sync_work"}};
  }
  return std::nullopt;
}

std::optional<breach> inv_b6(const update_options& options) {
  const std::optional<update_values> values = find_accepted_out_of_range(
      options.checks_range_exactly ? hci_check_conn_params_exactly : hci_check_conn_params);
  if (!values) return std::nullopt;
  return breach{.sentence = describe(*values) + " is accepted, though out of range",
                .objects = {"max_latency"},
                .functions = {"hci_check_conn_params"}};
}

std::optional<breach> inv_b8(const ghost_log& log) {
  if (log.waited <= kernel::msecs_to_jiffies(HCI_CMD_TIMEOUT_MS)) return std::nullopt;
  return breach{.sentence = std::string(log.waited_in) + " took " +
                            std::to_string(kernel::jiffies_to_msecs(log.waited)) + " ms",
                .objects = {"hdev->req_lock"},
                .functions = {log.waited_in}};
}

}  // namespace models::bluetooth
