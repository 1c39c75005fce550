// SPDX-License-Identifier: GPL-2.0-only
//
// Open files (fs/open.c, fs/read_write.c, fs/file_table.c).

#include "models/debugfs/fs.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/kernel/string.h"

namespace models::debugfs {

using kernel::ERR_PTR;
using kernel::GFP_KERNEL;

static file* alloc_file(dentry* dentry) {
  auto* file = kernel::kzalloc_obj<debugfs::file>(GFP_KERNEL);
  if (file == nullptr) return nullptr;
  file->f_path.dentry = dentry;
  file->f_inode = dentry->d_inode;
  file->f_op = dentry->d_inode->i_fop;
  return file;
}

file* vfs_open(dentry* dir, const char* name) {
  dentry* dentry = d_lookup(dir, name);
  if (dentry == nullptr) return ERR_PTR(-ENOENT);
  file* file = alloc_file(dentry);
  int error = -ENFILE;
  if (file != nullptr) error = file->f_op->open(file->f_inode, file);
  if (error == 0) return file;
  kernel::kfree(file);
  dput(dentry);
  return ERR_PTR(error);
}

ssize_t vfs_read(file* file, char* user_buf, size_t count, loff_t* ppos) {
  if (file->f_op->read == nullptr) return -EINVAL;
  return file->f_op->read(file, user_buf, count, ppos);
}

ssize_t vfs_write(file* file, const char* user_buf, size_t count, loff_t* ppos) {
  if (file->f_op->write == nullptr) return -EINVAL;
  return file->f_op->write(file, user_buf, count, ppos);
}

unsigned int vfs_poll(file* file) {
  return file->f_op->poll == nullptr ? EPOLLIN : file->f_op->poll(file);
}

void fput(file* file) {
  dentry* dentry = file->f_path.dentry;
  if (file->f_op->release != nullptr) file->f_op->release(file->f_inode, file);
  kernel::kfree(file);
  dput(dentry);
}

int simple_open(inode* inode, file* file) {
  file->private_data = inode->i_private;
  return 0;
}

ssize_t simple_read_from_buffer(char* user_buf, size_t count, loff_t* ppos, const void* from,
                                size_t available) {
  const loff_t pos = *ppos;
  if (pos < 0) return -EINVAL;
  if (static_cast<size_t>(pos) >= available || count == 0) return 0;
  const size_t left = available - static_cast<size_t>(pos);
  const size_t size = count < left ? count : left;
  if (user_buf == nullptr) return -EFAULT;
  kernel::memcpy(user_buf, static_cast<const char*>(from) + pos, size);
  *ppos = pos + static_cast<loff_t>(size);
  return static_cast<ssize_t>(size);
}

size_t copy_from_user(void* to, const char* user_buf, size_t count) {
  if (user_buf == nullptr) return count;
  kernel::memcpy(to, user_buf, count);
  return 0;
}

const file_operations* fops_get(const file_operations* fops) {
  if (fops == nullptr || fops->owner == nullptr) return fops;
  if (fops->owner->is_going) return nullptr;
  atomic_inc(&fops->owner->refcnt);
  return fops;
}

void fops_put(const file_operations* fops) {
  if (fops != nullptr && fops->owner != nullptr) atomic_dec(&fops->owner->refcnt);
}

}  // namespace models::debugfs
