// SPDX-License-Identifier: GPL-2.0-only
//
// The record behind the invariants: what each peer was told, what was sent for whom, what was
// stored and told.
//
// Nothing here exists in the kernel. The port calls ghost_*() where something happens that an
// invariant speaks of. The calls only write to the record: they are not instrumented, contain no
// scheduling point, take no lock and change nothing that the port reads. Requests are told apart by
// their values, so those of one scenario differ in them.

#pragma once

#include "models/bluetooth/hci.h"
#include "models/bluetooth/hci_core.h"

namespace models::bluetooth {

inline constexpr int kNoLink = -1;
inline constexpr int kNoRequest = -1;

// One link object, from the moment it is connected. Its index is its number.
struct ghost_link {
  u16 handle = 0;
  u8 type = 0;
  bdaddr_t dst{};
  u8 dst_type = 0;
  // Equal to dst until the peer has told another.
  bdaddr_t identity{};
  u8 identity_type = 0;
  bool is_connected = false;
};

// One well-formed request, and what became of it.
struct ghost_request {
  int link = kNoLink;  // That received it.
  u8 ident = 0;
  update_values values{};
  // At the moment of the request the link's address had stored parameters; was an identity address.
  bool has_params = false;
  bool has_identity = false;

  int responses = 0;          // Delivered to the peer.
  u16 result = 0;             // Of the last one.
  int commands_queued = 0;    // While the link owned the handle in it.
  int commands_sent = 0;      // To the controller, with the link's handle.
  bool is_confirmed = false;  // By an event with status 0, the link's handle, and values that fit.

  // The link that the queued callback found fit to go on with; kNoLink: it tested nothing.
  int checked_link = kNoLink;
  // Where the request, or its confirmation, was given up, and for want of what; null: nowhere.
  const char* dropped_in = nullptr;
  const char* dropped_for = nullptr;
  // The cmd_sync queue refused it, while its link was connected.
  bool was_refused = false;
};

// A command was queued for a handle whose owner was not the link that had received the request.
struct ghost_stray {
  int request = kNoRequest;
  int owner = kNoLink;  // Of the handle, at that moment.
  const char* caller = nullptr;
};

// Values went into hci_conn_params, or to user space.
struct ghost_publication {
  bool is_notice = false;
  bdaddr_t addr{};
  u8 addr_type = 0;
  update_values values{};
  const char* caller = nullptr;
  // The request with these values; kNoRequest if there is none.
  int request = kNoRequest;
  // At that moment: the request; its link.
  bool was_confirmed = false;
  bool was_connected = false;
  // The part of the event that ended the last synchronous wait, and that the wait did not look at;
  // or null.
  const char* wait_ended_by = nullptr;
};

struct ghost_log {
  static constexpr int kLinks = 8;
  static constexpr int kRequests = 8;
  static constexpr int kStrays = 8;
  static constexpr int kPublications = 32;

  ghost_link links[kLinks];
  int link_count = 0;
  ghost_request requests[kRequests];
  int request_count = 0;
  ghost_stray strays[kStrays];
  int stray_count = 0;
  ghost_publication publications[kPublications];
  int publication_count = 0;
  const char* wait_ended_by = nullptr;

  int data_allocated = 0;
  int data_freed = 0;
  int data_waiting = 0;  // With links that wait to see their updates confirmed.
  int references_taken = 0;
  int references_dropped = 0;

  // The longest that a user was kept waiting, and by what.
  unsigned long waited = 0;  // In jiffies.
  const char* waited_in = nullptr;
};

// Returns an empty record. There is one at a time; it stays readable to the end of the execution.
ghost_log* ghost_log_create();

// ---- Links

void ghost_link_connected(hci_conn* conn);  // The second time, nothing.
void ghost_link_gone(hci_conn* conn);
void ghost_identity_known(hci_conn* conn);

// ---- Requests

void ghost_request_received(const hci_conn* conn, u8 ident, const update_values& values);
// A frame goes to a peer.
void ghost_frame_sent(hci_dev* hdev, sk_buff* skb);
// `function` gives the request up for want of `object`.
void ghost_request_dropped(hci_dev* hdev, const update_values& values, const char* object,
                           const char* function = __builtin_FUNCTION());
// `function` has an event that confirms an update of this link, and cannot tell which.
void ghost_confirmation_dropped(hci_conn* conn, const char* object, const char* function);
// The object whose want an error of the cmd_sync queue, or of a synchronous request, stands for.
const char* ghost_cause_of(int error);
// The callback of the request tested its link and goes on with `conn`.
void ghost_link_checked(hci_dev* hdev, const update_values& values, const hci_conn* conn);

// ---- Commands and events

void ghost_command_queued(hci_dev* hdev, sk_buff* skb, const char* caller);
void ghost_command_sent(hci_dev* hdev, sk_buff* skb);
void ghost_update_completed(hci_conn* conn, const hci_ev_le_conn_update_complete& ev);  // Status 0.
void ghost_wait_ended(hci_dev* hdev, const hci_ev_le_conn_update_complete& ev);

// ---- Stores and notices

void ghost_params_stored(hci_dev* hdev, const hci_conn_params& params, const char* caller);
void ghost_user_told(hci_dev* hdev, const bdaddr_t& addr, u8 addr_type, const update_values& values,
                     const char* caller);

// ---- Users

// A user called `function`, and what it is to do was done after so many jiffies.
void ghost_user_waited(hci_dev* hdev, unsigned long jiffies, const char* function);

// ---- Memory of queued updates

void ghost_data_allocated(hci_dev* hdev, const void* data);  // Null is no allocation.
void ghost_data_freed(hci_dev* hdev);
void ghost_data_waits(hci_dev* hdev, int more);
void ghost_reference_taken(hci_dev* hdev);
void ghost_reference_dropped(hci_dev* hdev);

}  // namespace models::bluetooth
