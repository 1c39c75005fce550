// SPDX-License-Identifier: GPL-2.0-only

#include "models/debugfs/user.h"

#include "models/debugfs/ghost.h"
#include "models/kernel/err.h"
#include "models/kernel/string.h"

namespace models::debugfs {

file* user_open(dentry* dir, const char* name) {
  file* file = vfs_open(dir, name);
  ghost_call_returned(dir->d_sb, "open", kernel::PTR_ERR_OR_ZERO(file));
  return file;
}

void user_close(file* file) {
  fput(file);
}

ssize_t user_read(file* file) {
  char user_buf[64];
  loff_t pos = 0;
  const ssize_t result = vfs_read(file, user_buf, sizeof(user_buf), &pos);
  ghost_call_returned(file->f_path.dentry->d_sb, "read", result);
  return result;
}

ssize_t user_write(file* file, const char* text) {
  loff_t pos = 0;
  const ssize_t result = vfs_write(file, text, kernel::strlen(text), &pos);
  ghost_call_returned(file->f_path.dentry->d_sb, "write", result);
  return result;
}

ssize_t user_reads(dentry* dir, const char* name) {
  file* file = user_open(dir, name);
  if (kernel::IS_ERR(file)) return kernel::PTR_ERR(file);
  const ssize_t result = user_read(file);
  user_close(file);
  return result;
}

ssize_t user_writes(dentry* dir, const char* name, const char* text) {
  file* file = user_open(dir, name);
  if (kernel::IS_ERR(file)) return kernel::PTR_ERR(file);
  const ssize_t result = user_write(file, text);
  user_close(file);
  return result;
}

}  // namespace models::debugfs
