// SPDX-License-Identifier: GPL-2.0-only
//
// agg_status of stations (net/mac80211/debugfs_sta.c).

#include "models/debugfs/debugfs.h"
#include "models/kernel/errno.h"
#include "models/kernel/onstack.h"
#include "models/kernel/slab.h"
#include "models/wifi/debugfs.h"
#include "models/wifi/mac80211.h"
#include "models/wifi/number_text.h"

namespace models::wifi {

using debugfs::file;
using kernel::GFP_KERNEL;

static handler_form form_of(const sta_info* sta) {
  return wiphy_to_rdev(sta->local->wiphy)->options.agg_status;
}

// ---- Reading

static ssize_t sta_agg_status_do_read(wiphy* /*wiphy*/, file* /*file*/, char* buf, size_t bufsz,
                                      void* data) {
  return format_number(static_cast<sta_info*>(data)->tid_tx, buf, bufsz);
}

static ssize_t read_with_mutex(sta_info* sta, file* file, char* buf, size_t bufsz) {
  wiphy* wiphy = sta->local->wiphy;
  if (form_of(sta) == handler_form::TAKES_MUTEX) {
    wiphy_lock(wiphy);
  } else if (!mutex_trylock(&wiphy->mtx)) {
    return -EBUSY;
  }
  const ssize_t ret = sta_agg_status_do_read(wiphy, file, buf, bufsz, sta);
  wiphy_unlock(wiphy);
  return ret;
}

static ssize_t sta_agg_status_read(file* file, char* userbuf, size_t count, loff_t* ppos) {
  auto* sta = static_cast<sta_info*>(file->private_data);
  constexpr size_t bufsz = 71 + 16 * 40;  // A heading, and a line per traffic class.
  auto* buf = static_cast<char*>(kernel::kzalloc(bufsz, GFP_KERNEL, "agg_status"));
  if (buf == nullptr) return -ENOMEM;
  ssize_t ret = 0;
  if (form_of(sta) == handler_form::LOCKED_HELPER) {
    ret = wiphy_locked_debugfs_read(sta->local->wiphy, file, buf, bufsz, {userbuf, count, ppos},
                                    sta_agg_status_do_read, sta);
  } else {
    ret = read_with_mutex(sta, file, buf, bufsz);
    if (ret >= 0) {
      ret = debugfs::simple_read_from_buffer(userbuf, count, ppos, buf, static_cast<size_t>(ret));
    }
  }
  kernel::kfree(buf);
  return ret;
}

// ---- Writing

static ssize_t sta_agg_status_do_write(wiphy* /*wiphy*/, file* /*file*/, char* buf, size_t count,
                                       void* data) {
  const int ret = parse_number(buf, count, &static_cast<sta_info*>(data)->tid_tx);
  return ret != 0 ? ret : static_cast<ssize_t>(count);
}

static ssize_t sta_agg_status_write(file* file, const char* userbuf, size_t count,
                                    loff_t* /*ppos*/) {
  auto* sta = static_cast<sta_info*>(file->private_data);
  wiphy* wiphy = sta->local->wiphy;
  char buf[25] = {};
  ONSTACK_OBJECT(buf);
  if (form_of(sta) == handler_form::LOCKED_HELPER) {
    return wiphy_locked_debugfs_write(wiphy, file, buf, sizeof(buf), {userbuf, count},
                                      sta_agg_status_do_write, sta);
  }
  if (count >= sizeof(buf)) return -EINVAL;
  if (debugfs::copy_from_user(buf, userbuf, count) != 0) return -EFAULT;
  if (form_of(sta) == handler_form::TAKES_MUTEX) {
    wiphy_lock(wiphy);
  } else if (!mutex_trylock(&wiphy->mtx)) {
    return -EBUSY;
  }
  const ssize_t ret = sta_agg_status_do_write(wiphy, file, buf, count, sta);
  wiphy_unlock(wiphy);
  return ret;
}

static constexpr debugfs::file_operations agg_status_ops = {
    .open = debugfs::simple_open, .read = sta_agg_status_read, .write = sta_agg_status_write};

// ---- Adding and removing

void ieee80211_sta_debugfs_add(sta_info* sta) {
  sta->debugfs_dir =
      debugfs::debugfs_create_dir("02:00:00:00:01:00", sta->local->wiphy->debugfsdir);
  debugfs::debugfs_create_file("agg_status", sta->debugfs_dir, sta, &agg_status_ops);
}

void ieee80211_sta_debugfs_remove(sta_info* sta) {
  debugfs::debugfs_remove(sta->debugfs_dir);
  sta->debugfs_dir = nullptr;
}

}  // namespace models::wifi
