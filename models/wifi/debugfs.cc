// SPDX-License-Identifier: GPL-2.0-only

#include "models/wifi/debugfs.h"

#include "models/debugfs/debugfs.h"
#include "models/kernel/completion.h"
#include "models/kernel/errno.h"
#include "models/kernel/onstack.h"
#include "models/kernel/string.h"
#include "models/kernel/warn.h"

namespace models::wifi {

using debugfs::debugfs_cancellation;
using debugfs::dentry;
using debugfs::file;

// ---- Reading

struct debugfs_read_work {
  wiphy_work work;
  wiphy_read_handler handler;
  wifi::wiphy* wiphy;
  debugfs::file* file;
  char* buf;
  size_t bufsize;
  void* data;
  ssize_t ret;
  kernel::completion completion;
};

static void wiphy_locked_debugfs_read_work(wiphy* wiphy, wiphy_work* work) {
  auto* w = container_of(work, debugfs_read_work, work);
  debugfs::file* const file = w->file;
  char* const buf = w->buf;
  const size_t bufsize = w->bufsize;
  w->ret = w->handler(wiphy, file, buf, bufsize, w->data);
  complete(&w->completion);
}

static void wiphy_locked_debugfs_read_cancel(dentry* /*dentry*/, void* data) {
  auto* w = static_cast<debugfs_read_work*>(data);
  wiphy_work_cancel(w->wiphy, &w->work);
  complete(&w->completion);
}

ssize_t wiphy_locked_debugfs_read(wiphy* wiphy, file* file, char* buf, size_t bufsize,
                                  const user_read& user, wiphy_read_handler handler, void* data) {
  debugfs_read_work work = {.handler = handler,
                            .wiphy = wiphy,
                            .file = file,
                            .buf = buf,
                            .bufsize = bufsize,
                            .data = data,
                            .ret = -ENODEV};
  ONSTACK_OBJECT(work);
  debugfs_cancellation cancellation = {.cancel = wiphy_locked_debugfs_read_cancel,
                                       .cancel_data = &work};
  ONSTACK_OBJECT(cancellation);
  init_completion(&work.completion);
  work_will_complete(&wiphy_to_rdev(wiphy)->wiphy_work, &work.completion);

  kernel::memset(buf, 0, bufsize);
  wiphy_work_init(&work.work, wiphy_locked_debugfs_read_work);
  wiphy_work_queue(wiphy, &work.work);

  debugfs_enter_cancellation(file, &cancellation);
  wait_for_completion(&work.completion);
  debugfs_leave_cancellation(file, &cancellation);

  const debugfs_read_work* const w = &work;
  if (w->ret < 0) return w->ret;
  if (WARN_ON(static_cast<size_t>(w->ret) > bufsize)) return -EINVAL;
  return debugfs::simple_read_from_buffer(user.userbuf, user.count, user.ppos, buf,
                                          static_cast<size_t>(w->ret));
}

// ---- Writing

struct debugfs_write_work {
  wiphy_work work;
  wiphy_write_handler handler;
  wifi::wiphy* wiphy;
  debugfs::file* file;
  char* buf;
  size_t count;
  void* data;
  ssize_t ret;
  kernel::completion completion;
};

static void wiphy_locked_debugfs_write_work(wiphy* wiphy, wiphy_work* work) {
  auto* w = container_of(work, debugfs_write_work, work);
  debugfs::file* const file = w->file;
  char* const buf = w->buf;
  const size_t count = w->count;
  w->ret = w->handler(wiphy, file, buf, count, w->data);
  complete(&w->completion);
}

static void wiphy_locked_debugfs_write_cancel(dentry* /*dentry*/, void* data) {
  auto* w = static_cast<debugfs_write_work*>(data);
  wiphy_work_cancel(w->wiphy, &w->work);
  complete(&w->completion);
}

ssize_t wiphy_locked_debugfs_write(wiphy* wiphy, file* file, char* buf, size_t bufsize,
                                   const user_write& user, wiphy_write_handler handler,
                                   void* data) {
  debugfs_write_work work = {.handler = handler,
                             .wiphy = wiphy,
                             .file = file,
                             .buf = buf,
                             .count = user.count,
                             .data = data,
                             .ret = -ENODEV};
  ONSTACK_OBJECT(work);
  debugfs_cancellation cancellation = {.cancel = wiphy_locked_debugfs_write_cancel,
                                       .cancel_data = &work};
  ONSTACK_OBJECT(cancellation);
  init_completion(&work.completion);
  work_will_complete(&wiphy_to_rdev(wiphy)->wiphy_work, &work.completion);

  // One byte is kept for the end of the string.
  if (user.count >= bufsize) return -EINVAL;
  kernel::memset(buf, 0, bufsize);
  if (debugfs::copy_from_user(buf, user.userbuf, user.count) != 0) return -EFAULT;

  wiphy_work_init(&work.work, wiphy_locked_debugfs_write_work);
  wiphy_work_queue(wiphy, &work.work);

  debugfs_enter_cancellation(file, &cancellation);
  wait_for_completion(&work.completion);
  debugfs_leave_cancellation(file, &cancellation);
  const debugfs_write_work* const w = &work;
  return w->ret;
}

}  // namespace models::wifi
