// SPDX-License-Identifier: GPL-2.0-only
//
// What debugfs stands on: dentries, inodes, open files (fs/dcache.c, fs/libfs.c, fs/open.c).
//
// A dentry dies with its last reference: one for its existence, one per open file, one per child,
// one per walk that found it. Its inode dies with it. Taking a name away (d_invalidate) unhashes
// the dentry: lookups no longer find it, those who have it go on.

#pragma once

#include <sys/types.h>

#include <cstddef>

#include "models/debugfs/debugfs_options.h"
#include "models/kernel/atomic.h"
#include "models/kernel/list.h"
#include "models/kernel/rwsem.h"
#include "models/kernel/spinlock.h"
#include "models/kernel/types.h"

namespace models::debugfs {

struct dentry;
struct file;
struct inode;
struct ghost_log;

struct module {
  kernel::atomic_t refcnt;
  bool is_going;
};

struct file_operations {
  module* owner = nullptr;
  int (*open)(inode* inode, file* file) = nullptr;
  int (*release)(inode* inode, file* file) = nullptr;
  ssize_t (*read)(file* file, char* user_buf, size_t count, loff_t* ppos) = nullptr;
  ssize_t (*write)(file* file, const char* user_buf, size_t count, loff_t* ppos) = nullptr;
  unsigned int (*poll)(file* file) = nullptr;
};

inline constexpr unsigned int EPOLLIN = 0x1;
inline constexpr unsigned int EPOLLHUP = 0x10;

enum class inode_type { REGULAR, DIRECTORY, AUTOMOUNT };

struct inode {
  inode_type i_type;
  bool i_is_dead;  // S_DEAD: nothing is created in it any more.
  kernel::rw_semaphore i_rwsem;
  const file_operations* i_fop;
  void* i_private;
};

struct super_block {
  dentry* s_root;
  kernel::spinlock_t s_hash_lock;  // For names: s_dentries and d_hash.
  kernel::list_head s_dentries;    // All that lookups can find.
  void (*d_release)(dentry* dentry);
  debugfs_options options;
  ghost_log* ghost;
};

struct dentry {
  kernel::atomic_t d_count;
  kernel::spinlock_t d_lock;  // For d_subdirs, and d_child of the children.
  const char* d_name;
  super_block* d_sb;
  dentry* d_parent;
  inode* d_inode;
  void* d_fsdata;
  bool d_is_hashed;
  kernel::list_head d_hash;
  kernel::list_head d_child;
  kernel::list_head d_subdirs;
  int ghost_file;
};

struct path {
  debugfs::dentry* dentry;
};

struct file {
  path f_path;
  inode* f_inode;
  const file_operations* f_op;
  void* private_data;
};

// ---- Dentries

bool d_is_reg(const dentry* dentry);
bool d_is_dir(const dentry* dentry);
bool d_unlinked(const dentry* dentry);
dentry* dget(dentry* dentry);
void dput(dentry* dentry);

// The dentry that `parent` has for `name`, with a reference, or null.
dentry* d_lookup(dentry* parent, const char* name);
// A new dentry without inode that lookups do not find yet, with one reference; null without memory.
dentry* d_alloc(dentry* parent, const char* name);
// Gives a new dentry its inode, and its name to lookups.
void d_instantiate(dentry* dentry, inode* inode);
void d_invalidate(dentry* dentry);

inode* new_inode(inode_type type);  // Null without memory.
void inode_lock(inode* inode);
void inode_unlock(inode* inode);

// Takes `dentry` and all below it away: each with the inode of its parent locked, and `callback`
// called under that lock.
void simple_recursive_removal(dentry* dentry, void (*callback)(debugfs::dentry* victim));

// ---- Open files

// Opens `name` in `dir`. Returns the file, or an error pointer.
file* vfs_open(dentry* dir, const char* name);
ssize_t vfs_read(file* file, char* user_buf, size_t count, loff_t* ppos);
ssize_t vfs_write(file* file, const char* user_buf, size_t count, loff_t* ppos);
unsigned int vfs_poll(file* file);
void fput(file* file);

// The open of files whose handlers find the driver's object in file->private_data.
int simple_open(inode* inode, file* file);

// Copies what `from` has behind *ppos to user space, as far as `count` goes. Returns how much.
ssize_t simple_read_from_buffer(char* user_buf, size_t count, loff_t* ppos, const void* from,
                                size_t available);
// Returns how many bytes could not be copied: all if `user_buf` is null.
size_t copy_from_user(void* to, const char* user_buf, size_t count);

// Pins the module behind `fops`. Returns fops, or null if the module goes.
const file_operations* fops_get(const file_operations* fops);
void fops_put(const file_operations* fops);

}  // namespace models::debugfs
