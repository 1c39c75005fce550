// SPDX-License-Identifier: GPL-2.0-only
//
// Files of interfaces and links (net/mac80211/debugfs_netdev.c).

#include "models/debugfs/debugfs.h"
#include "models/kernel/errno.h"
#include "models/kernel/onstack.h"
#include "models/wifi/debugfs.h"
#include "models/wifi/mac80211.h"
#include "models/wifi/number_text.h"

namespace models::wifi {

using debugfs::debugfs_create_dir;
using debugfs::debugfs_create_file;
using debugfs::debugfs_remove;
using debugfs::file;
using debugfs::file_operations;
using debugfs::simple_open;

// How an object's value becomes text, and back.
template <class Object>
using format_function = ssize_t (*)(const Object* object, char* buf, size_t buflen);
template <class Object>
using parse_function = ssize_t (*)(Object* object, const char* buf, size_t buflen);

static wiphy* wiphy_of(const ieee80211_sub_if_data* sdata) {
  return sdata->local->wiphy;
}
static wiphy* wiphy_of(const ieee80211_link_data* link) {
  return link->sdata->local->wiphy;
}
static handler_form form_of(const ieee80211_sub_if_data* sdata) {
  return wiphy_to_rdev(wiphy_of(sdata))->options.netdev_files;
}
static handler_form form_of(const ieee80211_link_data* link) {
  return wiphy_to_rdev(wiphy_of(link))->options.link_files;
}

// ---- ieee80211_if_read_sdata and ieee80211_if_read_link

template <class Object>
struct read_data {
  format_function<Object> format;
  Object* object;
};

template <class Object>
static ssize_t read_handler(wiphy* /*wiphy*/, file* /*file*/, char* buf, size_t bufsize,
                            void* data) {
  auto* d = static_cast<read_data<Object>*>(data);
  return d->format(d->object, buf, bufsize);
}

template <class Object>
static ssize_t ieee80211_if_read(file* file, const user_read& user,
                                 format_function<Object> format) {
  auto* object = static_cast<Object*>(file->private_data);
  wiphy* wiphy = wiphy_of(object);
  char buf[200] = {};
  ONSTACK_OBJECT(buf);
  if (form_of(object) == handler_form::LOCKED_HELPER) {
    read_data<Object> data = {.format = format, .object = object};
    ONSTACK_OBJECT(data);
    return wiphy_locked_debugfs_read(wiphy, file, buf, sizeof(buf), user, read_handler<Object>,
                                     &data);
  }
  if (form_of(object) == handler_form::TAKES_MUTEX) {
    wiphy_lock(wiphy);
  } else if (!mutex_trylock(&wiphy->mtx)) {
    return -EBUSY;
  }
  const ssize_t ret = format(object, buf, sizeof(buf));
  wiphy_unlock(wiphy);
  if (ret < 0) return ret;
  return debugfs::simple_read_from_buffer(user.userbuf, user.count, user.ppos, buf,
                                          static_cast<size_t>(ret));
}

// ---- ieee80211_if_write_sdata

template <class Object>
struct write_data {
  parse_function<Object> parse;
  Object* object;
};

template <class Object>
static ssize_t write_handler(wiphy* /*wiphy*/, file* /*file*/, char* buf, size_t count,
                             void* data) {
  auto* d = static_cast<write_data<Object>*>(data);
  return d->parse(d->object, buf, count);
}

template <class Object>
static ssize_t ieee80211_if_write(file* file, const user_write& user,
                                  parse_function<Object> parse) {
  auto* object = static_cast<Object*>(file->private_data);
  wiphy* wiphy = wiphy_of(object);
  char buf[64] = {};
  ONSTACK_OBJECT(buf);
  if (form_of(object) == handler_form::LOCKED_HELPER) {
    write_data<Object> data = {.parse = parse, .object = object};
    ONSTACK_OBJECT(data);
    return wiphy_locked_debugfs_write(wiphy, file, buf, sizeof(buf), user, write_handler<Object>,
                                      &data);
  }
  if (user.count >= sizeof(buf)) return -E2BIG;
  if (debugfs::copy_from_user(buf, user.userbuf, user.count) != 0) return -EFAULT;
  if (form_of(object) == handler_form::TAKES_MUTEX) {
    wiphy_lock(wiphy);
  } else if (!mutex_trylock(&wiphy->mtx)) {
    return -EBUSY;
  }
  const ssize_t ret = parse(object, buf, user.count);
  wiphy_unlock(wiphy);
  return ret;
}

// ---- uapsd_queues of an interface, txpower of a link

static ssize_t ieee80211_if_fmt_uapsd_queues(const ieee80211_sub_if_data* sdata, char* buf,
                                             size_t buflen) {
  return format_number(sdata->uapsd_queues, buf, buflen);
}

static ssize_t ieee80211_if_parse_uapsd_queues(ieee80211_sub_if_data* sdata, const char* buf,
                                               size_t buflen) {
  const int ret = parse_number(buf, buflen, &sdata->uapsd_queues);
  return ret != 0 ? ret : static_cast<ssize_t>(buflen);
}

static ssize_t ieee80211_if_read_uapsd_queues(file* file, char* userbuf, size_t count,
                                              loff_t* ppos) {
  return ieee80211_if_read<ieee80211_sub_if_data>(file, {userbuf, count, ppos},
                                                  ieee80211_if_fmt_uapsd_queues);
}

static ssize_t ieee80211_if_write_uapsd_queues(file* file, const char* userbuf, size_t count,
                                               loff_t* /*ppos*/) {
  return ieee80211_if_write<ieee80211_sub_if_data>(file, {userbuf, count},
                                                   ieee80211_if_parse_uapsd_queues);
}

static ssize_t ieee80211_if_fmt_txpower(const ieee80211_link_data* link, char* buf, size_t buflen) {
  return format_number(link->txpower, buf, buflen);
}

static ssize_t ieee80211_if_read_txpower(file* file, char* userbuf, size_t count, loff_t* ppos) {
  return ieee80211_if_read<ieee80211_link_data>(file, {userbuf, count, ppos},
                                                ieee80211_if_fmt_txpower);
}

static constexpr file_operations uapsd_queues_ops = {.open = simple_open,
                                                     .read = ieee80211_if_read_uapsd_queues,
                                                     .write = ieee80211_if_write_uapsd_queues};
static constexpr file_operations link_txpower_ops = {.open = simple_open,
                                                     .read = ieee80211_if_read_txpower};

// ---- Adding and removing

void ieee80211_debugfs_add_netdev(ieee80211_sub_if_data* sdata) {
  sdata->debugfs_dir = debugfs_create_dir("netdev:wlan0", sdata->local->wiphy->debugfsdir);
  debugfs_create_file("uapsd_queues", sdata->debugfs_dir, sdata, &uapsd_queues_ops);
}

void ieee80211_debugfs_remove_netdev(ieee80211_sub_if_data* sdata) {
  if (sdata->debugfs_dir == nullptr) return;
  debugfs_remove(sdata->debugfs_dir);
  sdata->debugfs_dir = nullptr;
}

void ieee80211_link_debugfs_add(ieee80211_link_data* link) {
  link->debugfs_dir = debugfs_create_dir("link-0", link->sdata->debugfs_dir);
  debugfs_create_file("txpower", link->debugfs_dir, link, &link_txpower_ops);
}

void ieee80211_link_debugfs_remove(ieee80211_link_data* link) {
  debugfs_remove(link->debugfs_dir);
  link->debugfs_dir = nullptr;
}

}  // namespace models::wifi
