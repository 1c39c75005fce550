// SPDX-License-Identifier: GPL-2.0-only
//
// Files whose handlers need wiphy->mtx, and that are removed under it (net/wireless/debugfs.c).
//
// The handler runs as wiphy work, with wiphy->mtx held, on objects of the caller's stack; the
// caller waits. Removal of the file takes the work back and ends the wait. That is complete only
// because removal, like the work, holds wiphy->mtx.

#pragma once

#include "models/debugfs/fs.h"
#include "models/wifi/cfg80211.h"

namespace models::wifi {

using wiphy_read_handler = ssize_t (*)(wiphy* wiphy, debugfs::file* file, char* buf, size_t bufsize,
                                       void* data);
using wiphy_write_handler = ssize_t (*)(wiphy* wiphy, debugfs::file* file, char* buf, size_t count,
                                        void* data);

// What the handler of a file passes on from the VFS.
struct user_read {
  char* userbuf;
  size_t count;
  loff_t* ppos;
};
struct user_write {
  const char* userbuf;
  size_t count;
};

// Has `handler` fill `buf`, then copies to user space. Returns how much; -ENODEV if the file is
// removed before; what the handler returns if that is negative.
ssize_t wiphy_locked_debugfs_read(wiphy* wiphy, debugfs::file* file, char* buf, size_t bufsize,
                                  const user_read& user, wiphy_read_handler handler, void* data);

// Copies from user space to `buf` and has `handler` use it. Returns what that returns; -EINVAL for
// more than fits, -EFAULT, -ENODEV.
ssize_t wiphy_locked_debugfs_write(wiphy* wiphy, debugfs::file* file, char* buf, size_t bufsize,
                                   const user_write& user, wiphy_write_handler handler, void* data);

}  // namespace models::wifi
