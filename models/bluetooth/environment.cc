// SPDX-License-Identifier: GPL-2.0-only

#include "models/bluetooth/environment.h"

#include "models/bluetooth/hci_sync.h"
#include "models/kernel/slab.h"

namespace models::bluetooth {

using kernel::slab_faults_at;
using kernel::slab_faults_nowhere;

environment environment_create(const update_options& options) {
  slab_faults_nowhere();
  hci_dev* hdev = hci_alloc_dev(options);
  controller* hardware = controller_alloc(hdev);
  ghost_log* log = ghost_log_create();
  hdev->hardware = hardware;
  hdev->ghost = log;
  set_bit(HCI_UP, &hdev->flags);
  set_bit(HCI_RUNNING, &hdev->flags);
  return {.hdev = hdev, .hardware = hardware, .log = log};
}

void environment_destroy(const environment& world) {
  hci_dev_do_close(world.hdev);
  controller_free(world.hardware);
  hci_free_dev(world.hdev);
}

hci_conn* environment_connect(const environment& world, const link_spec& spec) {
  hci_dev* hdev = world.hdev;
  hci_dev_lock(hdev);
  hci_conn* hcon = hci_conn_add(hdev, spec.type, &spec.peer, spec.peer_type, spec.handle);
  hcon->role = spec.role;
  hcon->state = spec.state;
  hcon->conn_timeout = spec.conn_timeout;
  ghost_link_connected(hcon);
  controller_connected(world.hardware, spec.handle);
  l2cap_conn_add(hcon);
  if (spec.has_params) hci_conn_params_add(hdev, &spec.peer, spec.peer_type);
  hci_dev_unlock(hdev);
  return hcon;
}

void environment_add_params(const environment& world, const bdaddr_t& peer, u8 peer_type) {
  hci_dev_lock(world.hdev);
  hci_conn_params_add(world.hdev, &peer, peer_type);
  hci_dev_unlock(world.hdev);
}

void environment_keep(hci_conn* hcon, sk_buff* skb) {
  skb_queue_tail(&hcon->l2cap_data->pending_rx, skb);
}

l2cap_chan* environment_channel() {
  return l2cap_chan_create();
}

l2cap_chan* environment_deferred_channel(hci_conn* hcon, u16 scid, u8 ident) {
  l2cap_conn* conn = hcon->l2cap_data;
  l2cap_chan* chan = l2cap_chan_create();
  chan->scid = scid;
  chan->dcid = scid;
  chan->ident = ident;
  chan->defer_setup = true;
  chan->state = BT_CONNECT2;
  mutex_lock(&conn->lock);
  __l2cap_chan_add(conn, chan);
  mutex_unlock(&conn->lock);
  return chan;
}

void environment_deliver(const environment& world, sk_buff* skb) {
  controller_sends(world.hardware, skb);
  hci_recv_frame(world.hdev, skb);
}

void environment_receive(const environment& world, std::initializer_list<sk_buff*> packets) {
  for (sk_buff* skb : packets) {
    controller_sends(world.hardware, skb);
    skb_queue_tail(&world.hdev->rx_q, skb);
  }
  queue_work(world.hdev->workqueue, &world.hdev->rx_work);
}

void environment_start_pending_rx(hci_conn* hcon) {
  hcon->state = BT_CONNECTED;
  queue_work(hcon->hdev->workqueue, &hcon->l2cap_data->pending_rx_work);
}

void environment_let_fail(std::initializer_list<std::string_view> sites) {
  slab_faults_at(sites);
}

void environment_let_requests_fail() {
  slab_faults_at({kDataSites[0], kDataSites[1], kEntrySite, kResponseSites[0], kResponseSites[1],
                  kCommandSite, kNoticeSite});
}

}  // namespace models::bluetooth
