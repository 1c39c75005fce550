// SPDX-License-Identifier: GPL-2.0-only
//
// debugfs: files that a driver creates and removes, whose handlers removal waits for
// (fs/debugfs/, include/linux/debugfs.h).
//
// A handler runs between debugfs_file_get and debugfs_file_put. Removal takes the name away, drops
// the file's own reference, and returns once the last handler has left. A handler that waits for
// something the remover holds is brought on by a cancellation.

#pragma once

#include "models/debugfs/fs.h"
#include "models/kernel/completion.h"
#include "models/kernel/list.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/mutex.h"
#include "models/kernel/refcount.h"
#include "models/kernel/spinlock.h"

namespace models::debugfs {

using debugfs_automount_t = dentry* (*)(dentry* dentry, void* data);

// Set in a d_fsdata that holds the driver's file_operations and not yet a debugfs_fsdata.
inline constexpr uintptr_t DEBUGFS_FSDATA_IS_REAL_FOPS_BIT = 1;

struct debugfs_fsdata {
  const file_operations* real_fops;  // Null for an automount.
  debugfs_automount_t automount;
  kernel::refcount_t active_users;  // One for the file's existence, one per handler.
  kernel::completion active_users_drained;

  // With debugfs_options::annotates.
  kernel::lockdep_map lockdep_map;
  kernel::lock_class_key key;
  char* lock_name;

  // One of the two guards the list, by debugfs_options::lock.
  kernel::spinlock_t cancellations_lock;
  kernel::mutex cancellations_mtx;
  kernel::list_head cancellations;
};

// What brings a handler on that waits. On the stack of the handler.
struct debugfs_cancellation {
  kernel::list_head list;
  void (*cancel)(dentry* dentry, void* data);
  void* cancel_data;
};

// ---- Creating and removing

// Returns an empty file system, or null.
super_block* debugfs_mount(const debugfs_options& options);
void debugfs_kill(super_block* sb);

// Each returns the new dentry, or an error pointer. A parent that is an error pointer is returned.
dentry* debugfs_create_dir(const char* name, dentry* parent);
dentry* debugfs_create_file(const char* name, dentry* parent, void* data,
                            const file_operations* fops);
// Without protection of its handlers, but for open.
dentry* debugfs_create_file_unsafe(const char* name, dentry* parent, void* data,
                                   const file_operations* fops);
dentry* debugfs_create_automount(const char* name, dentry* parent, debugfs_automount_t f,
                                 void* data);
// What a walk into an automount does: returns the root of what is mounted there.
dentry* debugfs_automount(dentry* dentry);

// Takes `dentry` and all below it away, and waits for handlers. Nothing for null and errors.
void debugfs_remove(dentry* dentry);

// ---- Handlers

// Begins the use of a file. Returns 0, or -EIO if it is removed, -ENOMEM, -EINVAL.
int debugfs_file_get(dentry* dentry);
void debugfs_file_put(dentry* dentry);

// While it waits, a handler can be brought on by c->cancel. Between debugfs_file_get and _put.
void debugfs_enter_cancellation(file* file, debugfs_cancellation* c);
void debugfs_leave_cancellation(file* file, debugfs_cancellation* c);

// ---- Between inode.cc and file.cc

extern const file_operations debugfs_noop_file_operations;
extern const file_operations debugfs_open_proxy_file_operations;
extern const file_operations debugfs_full_proxy_file_operations;

// The driver's file_operations as a d_fsdata, and back.
void* encode_real_fops(const file_operations* fops);
bool is_real_fops(const void* d_fsdata);
const file_operations* decode_real_fops(const void* d_fsdata);

// Whether this version of debugfs has cancellations at all.
bool has_cancellations(const debugfs_options& options);

// Undoes what file_get initialised.
void destroy_fsdata(debugfs_fsdata* fsd, const debugfs_options& options);
void __debugfs_file_removed(dentry* dentry);

}  // namespace models::debugfs
