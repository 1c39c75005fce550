// SPDX-License-Identifier: GPL-2.0-only
//
// Port of net/bluetooth/l2cap_core.c: connections, channels, and the way of a frame up to its
// handler.
//
// A connection lives by its kref; neither pending_rx_work nor the two delayed works hold one.

#pragma once

#include "models/bluetooth/hci_conn.h"
#include "models/kernel/kref.h"

namespace models::bluetooth {

inline constexpr u16 L2CAP_CID_SIGNALING = 0x0001;
inline constexpr u16 L2CAP_CID_ATT = 0x0004;
inline constexpr u16 L2CAP_CID_LE_SIGNALING = 0x0005;
inline constexpr u16 L2CAP_CID_SMP = 0x0006;
inline constexpr u16 L2CAP_CID_DYN_START = 0x0040;

inline constexpr unsigned int L2CAP_INFO_TIMEOUT_MS = 4000;
inline constexpr unsigned int ID_ADDR_TIMEOUT_MS = 200;

inline constexpr u8 L2CAP_INFO_FEAT_MASK_REQ_SENT = 0x04;
inline constexpr u8 L2CAP_INFO_FEAT_MASK_REQ_DONE = 0x08;

struct l2cap_hdr {
  u16 len;
  u16 cid;
};

// A channel. Fields: chan->lock; membership in a connection: conn->lock.
struct l2cap_chan {
  list_head list;  // conn->chan_l
  kernel::kref kref;
  mutex lock;
  l2cap_conn* conn;
  bdaddr_t dst;
  u8 dst_type;
  u8 state;
  u8 ident;
  u16 scid;
  u16 dcid;
  bool defer_setup;  // Waits for its user to accept it (FLAG_DEFER_SETUP).
};

// The L2CAP side of a link.
struct l2cap_conn {
  hci_conn* hcon;   // A reference.
  hci_chan* hchan;  // conn->lock.
  mutex lock;       // chan_l, hchan.
  kernel::kref ref;
  list_head chan_l;

  u8 info_state;
  delayed_work info_timer;     // On system_wq.
  delayed_work id_addr_timer;  // On hdev->workqueue.

  sk_buff_head pending_rx;      // Frames that came before BT_CONNECTED.
  work_struct pending_rx_work;  // On hdev->workqueue.

  u8 disc_reason;
};

// ---- Connections

// Returns the connection of a link, a new one if it had none, or null. REQUIRES: hdev->lock.
l2cap_conn* l2cap_conn_add(hci_conn* hcon);
// Ends the connection of a link, if it has one. REQUIRES: hdev->lock.
void l2cap_conn_del(hci_conn* hcon, int err);
l2cap_conn* l2cap_conn_get(l2cap_conn* conn);
void l2cap_conn_put(l2cap_conn* conn);

// The link is up: readies its channels, lets the frames in that came early. REQUIRES: hdev->lock.
void l2cap_conn_ready(l2cap_conn* conn);
// Readies the channels that waited for it. REQUIRES: conn->lock.
void l2cap_conn_start(l2cap_conn* conn);

// What HCI calls. REQUIRES: hdev->lock, hci_cb_list_lock.
void l2cap_connect_cfm(hci_conn* hcon, u8 status);
void l2cap_disconn_cfm(hci_conn* hcon, u8 reason);
// The link has no user any more: with which reason is it to end? Runs in disc_work, without a lock.
u8 l2cap_disconn_ind(hci_conn* hcon);

// Asks the peer what it can do, and arms info_timer.
void l2cap_request_info(l2cap_conn* conn);

// ---- Channels

l2cap_chan* l2cap_chan_create();
void l2cap_chan_hold(l2cap_chan* chan);
void l2cap_chan_put(l2cap_chan* chan);
#define l2cap_chan_lock(chan) mutex_lock(&(chan)->lock)
#define l2cap_chan_unlock(chan) mutex_unlock(&(chan)->lock)

// REQUIRES: conn->lock for all three; l2cap_chan_del: chan->lock too.
void __l2cap_chan_add(l2cap_conn* conn, l2cap_chan* chan);
void l2cap_chan_del(l2cap_chan* chan, int err);
l2cap_chan* __l2cap_get_chan_by_scid(l2cap_conn* conn, u16 cid);

// A user connects a channel to a peer: takes hdev->lock, in it conn->lock, in it chan->lock.
// Returns 0, -EBADFD if the channel is no longer open, -EBUSY if its fixed channel is taken,
// -ENOMEM, or what hci_connect_le returns.
int l2cap_chan_connect(l2cap_chan* chan, hci_dev* hdev, u16 cid, const bdaddr_t* dst, u8 dst_type);

// ---- Frames

// A frame came in for a link, on hdev->workqueue; takes `skb`.
void l2cap_recv_acldata(hci_dev* hdev, u16 handle, sk_buff* skb);
// Handles a frame, or keeps it until the link is connected; takes `skb`. REQUIRES: conn->lock.
void l2cap_recv_frame(l2cap_conn* conn, sk_buff* skb);
// Handles what was kept; the function of pending_rx_work.
void process_pending_rx(work_struct* work);

}  // namespace models::bluetooth
