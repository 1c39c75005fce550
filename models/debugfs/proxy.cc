// SPDX-License-Identifier: GPL-2.0-only
//
// What stands between the VFS and the driver's file_operations (fs/debugfs/file.c).

#include "models/debugfs/debugfs.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"

namespace models::debugfs {

using kernel::GFP_KERNEL;

// Every open file has a fsdata: open has got it.
static const file_operations* real_fops_of(const dentry* dentry) {
  return static_cast<debugfs_fsdata*>(dentry->d_fsdata)->real_fops;
}

static ssize_t full_proxy_read(file* file, char* user_buf, size_t count, loff_t* ppos) {
  dentry* dentry = file->f_path.dentry;
  const int r = debugfs_file_get(dentry);
  if (r != 0) return r;
  const ssize_t ret = real_fops_of(dentry)->read(file, user_buf, count, ppos);
  debugfs_file_put(dentry);
  return ret;
}

static ssize_t full_proxy_write(file* file, const char* user_buf, size_t count, loff_t* ppos) {
  dentry* dentry = file->f_path.dentry;
  const int r = debugfs_file_get(dentry);
  if (r != 0) return r;
  const ssize_t ret = real_fops_of(dentry)->write(file, user_buf, count, ppos);
  debugfs_file_put(dentry);
  return ret;
}

static unsigned int full_proxy_poll(file* file) {
  dentry* dentry = file->f_path.dentry;
  if (debugfs_file_get(dentry) != 0) return EPOLLHUP;
  const unsigned int events = real_fops_of(dentry)->poll(file);
  debugfs_file_put(dentry);
  return events;
}

// The driver's release runs whether or not the file was removed: nothing protects it.
static int full_proxy_release(inode* inode, file* file) {
  const dentry* dentry = file->f_path.dentry;
  const file_operations* real_fops = real_fops_of(dentry);
  const file_operations* proxy_fops = file->f_op;
  int r = 0;
  if (real_fops->release != nullptr) r = real_fops->release(inode, file);
  file->f_op = inode->i_fop;
  kernel::kfree(proxy_fops);
  fops_put(real_fops);
  return r;
}

static void __full_proxy_fops_init(file_operations* proxy_fops, const file_operations* real_fops) {
  proxy_fops->release = full_proxy_release;
  if (real_fops->read != nullptr) proxy_fops->read = full_proxy_read;
  if (real_fops->write != nullptr) proxy_fops->write = full_proxy_write;
  if (real_fops->poll != nullptr) proxy_fops->poll = full_proxy_poll;
}

// The file is in use, and its driver's module pinned.
static int open_with_proxy(inode* inode, file* file, const file_operations* real_fops) {
  auto* proxy_fops = kernel::kzalloc_obj<file_operations>(GFP_KERNEL);
  if (proxy_fops == nullptr) {
    fops_put(real_fops);
    return -ENOMEM;
  }
  __full_proxy_fops_init(proxy_fops, real_fops);
  file->f_op = proxy_fops;
  if (real_fops->open == nullptr) return 0;
  const int r = real_fops->open(inode, file);
  if (r == 0) return 0;
  file->f_op = inode->i_fop;
  kernel::kfree(proxy_fops);
  fops_put(real_fops);
  return r;
}

static int full_proxy_open(inode* inode, file* file) {
  dentry* dentry = file->f_path.dentry;
  int r = debugfs_file_get(dentry);
  if (r != 0) return r == -EIO ? -ENOENT : r;
  const file_operations* real_fops = fops_get(real_fops_of(dentry));
  r = real_fops == nullptr ? -ENXIO : open_with_proxy(inode, file, real_fops);
  debugfs_file_put(dentry);
  return r;
}

// Only open is protected; from then on the driver's operations are called directly.
static int open_proxy_open(inode* inode, file* file) {
  dentry* dentry = file->f_path.dentry;
  int r = debugfs_file_get(dentry);
  if (r != 0) return r == -EIO ? -ENOENT : r;
  const file_operations* real_fops = fops_get(real_fops_of(dentry));
  if (real_fops == nullptr) {
    r = -ENXIO;
  } else {
    file->f_op = real_fops;
    if (real_fops->open != nullptr) r = real_fops->open(inode, file);
  }
  debugfs_file_put(dentry);
  return r;
}

static ssize_t default_read_file(file* /*file*/, char* /*user_buf*/, size_t /*count*/,
                                 loff_t* /*ppos*/) {
  return 0;
}

static ssize_t default_write_file(file* /*file*/, const char* /*user_buf*/, size_t count,
                                  loff_t* /*ppos*/) {
  return static_cast<ssize_t>(count);
}

const file_operations debugfs_noop_file_operations = {
    .open = simple_open, .read = default_read_file, .write = default_write_file};
const file_operations debugfs_open_proxy_file_operations = {.open = open_proxy_open};
const file_operations debugfs_full_proxy_file_operations = {.open = full_proxy_open};

}  // namespace models::debugfs
