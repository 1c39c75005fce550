// SPDX-License-Identifier: GPL-2.0-only
//
// The use of files, proxies, cancellations (fs/debugfs/file.c).

#include "models/debugfs/debugfs.h"
#include "models/debugfs/ghost.h"
#include "models/kernel/access_once.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/kernel/warn.h"

namespace models::debugfs {

using kernel::GFP_KERNEL;

// ---- d_fsdata

void* encode_real_fops(const file_operations* fops) {
  return reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(fops) |
                                 DEBUGFS_FSDATA_IS_REAL_FOPS_BIT);
}

bool is_real_fops(const void* d_fsdata) {
  return (reinterpret_cast<uintptr_t>(d_fsdata) & DEBUGFS_FSDATA_IS_REAL_FOPS_BIT) != 0;
}

const file_operations* decode_real_fops(const void* d_fsdata) {
  return reinterpret_cast<const file_operations*>(reinterpret_cast<uintptr_t>(d_fsdata) &
                                                  ~DEBUGFS_FSDATA_IS_REAL_FOPS_BIT);
}

// The kernel reads it once and goes on through the pointer: the dependency orders what follows.
static void* read_fsdata(dentry* dentry) {
  return smp_load_acquire(&dentry->d_fsdata);
}

bool has_cancellations(const debugfs_options& options) {
  return options.drain != drain_form::WAIT_ONCE;
}

// ---- debugfs_fsdata

// What f4acfcd4deb1 and 8c88a474357e added.
static void init_fsdata(debugfs_fsdata* fsd, const debugfs_options& options) {
  if (options.annotates) {
    lockdep_register_key(&fsd->key);
    fsd->lock_name =
        kernel::kstrdup("debugfs:file", GFP_KERNEL | kernel::__GFP_NOFAIL, "lock_name");
    lockdep_init_map(&fsd->lockdep_map, "debugfs:file", &fsd->key, 0);
  }
  if (!has_cancellations(options)) return;
  INIT_LIST_HEAD(&fsd->cancellations);
  if (options.lock == cancellations_lock::MUTEX) {
    mutex_init(&fsd->cancellations_mtx);
  } else {
    spin_lock_init(&fsd->cancellations_lock);
  }
}

void destroy_fsdata(debugfs_fsdata* fsd, const debugfs_options& options) {
  if (options.annotates) {
    lockdep_unregister_key(&fsd->key);
    kernel::kfree(fsd->lock_name);
  }
  if (has_cancellations(options) && options.lock == cancellations_lock::MUTEX) {
    mutex_destroy(&fsd->cancellations_mtx);
  }
}

// The file's fsdata; made and published by its first user. Null without memory.
static debugfs_fsdata* get_fsdata(dentry* dentry) {
  const debugfs_options& options = dentry->d_sb->options;
  void* d_fsd = read_fsdata(dentry);
  if (!is_real_fops(d_fsd)) return static_cast<debugfs_fsdata*>(d_fsd);
  auto* fsd = kernel::kmalloc_obj<debugfs_fsdata>(GFP_KERNEL);
  if (fsd == nullptr) return nullptr;
  fsd->real_fops = decode_real_fops(d_fsd);
  refcount_set(&fsd->active_users, 1);
  init_completion(&fsd->active_users_drained);
  const bool is_early = options.init == fsdata_init::BEFORE_CMPXCHG;  // 159f5bdadcdd
  if (is_early) init_fsdata(fsd, options);
  if (cmpxchg(&dentry->d_fsdata, d_fsd, static_cast<void*>(fsd)) != d_fsd) {
    if (is_early) destroy_fsdata(fsd, options);
    kernel::kfree(fsd);
    fsd = static_cast<debugfs_fsdata*>(read_fsdata(dentry));
  }
  if (!is_early) init_fsdata(fsd, options);  // 8c88a474357e: also the loser, the winner's.
  return fsd;
}

// lockdep looks at the name of what is acquired.
static void acquire_annotation(debugfs_fsdata* fsd) {
  WARN_ON(fsd->lock_name == nullptr);
  lock_map_acquire_read(&fsd->lockdep_map);
}

int debugfs_file_get(dentry* dentry) {
  if (WARN_ON(!d_is_reg(dentry))) return -EINVAL;
  debugfs_fsdata* fsd = get_fsdata(dentry);
  if (fsd == nullptr) return -ENOMEM;
  const bool asked_unlinked = ghost_is_unlinked(dentry);
  if (dentry->d_sb->options.refuses_unlinked && d_unlinked(dentry)) return -EIO;
  if (!refcount_inc_not_zero(&fsd->active_users)) return -EIO;
  completion_will_be_completed_by_me(&fsd->active_users_drained);
  if (dentry->d_sb->options.annotates) acquire_annotation(fsd);
  ghost_handler_begins(dentry, asked_unlinked);
  return 0;
}

void debugfs_file_put(dentry* dentry) {
  auto* fsd = static_cast<debugfs_fsdata*>(read_fsdata(dentry));
  ghost_handler_ends(dentry);
  if (dentry->d_sb->options.annotates) lock_map_release(&fsd->lockdep_map);
  if (refcount_dec_and_test(&fsd->active_users)) {
    complete(&fsd->active_users_drained);
  } else {
    completion_will_not_be_completed_by_me(&fsd->active_users_drained);
  }
}

// ---- Cancellations

static void lock_cancellations(debugfs_fsdata* fsd, const debugfs_options& options) {
  if (options.lock == cancellations_lock::MUTEX) {
    mutex_lock(&fsd->cancellations_mtx);
  } else {
    spin_lock(&fsd->cancellations_lock);
  }
}

static void unlock_cancellations(debugfs_fsdata* fsd, const debugfs_options& options) {
  if (options.lock == cancellations_lock::MUTEX) {
    mutex_unlock(&fsd->cancellations_mtx);
  } else {
    spin_unlock(&fsd->cancellations_lock);
  }
}

void debugfs_enter_cancellation(file* file, debugfs_cancellation* c) {
  dentry* dentry = file->f_path.dentry;
  INIT_LIST_HEAD(&c->list);
  if (WARN_ON(!d_is_reg(dentry)) || WARN_ON(c->cancel == nullptr)) return;
  void* d_fsd = read_fsdata(dentry);
  if (WARN_ON(is_real_fops(d_fsd))) return;
  auto* fsd = static_cast<debugfs_fsdata*>(d_fsd);
  const debugfs_options& options = dentry->d_sb->options;
  lock_cancellations(fsd, options);
  list_add(&c->list, &fsd->cancellations);
  unlock_cancellations(fsd, options);
  if (!d_unlinked(dentry)) return;
  // The remover may have looked for cancellations already, and wait.
  complete(&fsd->active_users_drained);
  completion_will_be_completed_by_me(&fsd->active_users_drained);
}

void debugfs_leave_cancellation(file* file, debugfs_cancellation* c) {
  dentry* dentry = file->f_path.dentry;
  if (WARN_ON(!d_is_reg(dentry))) return;
  void* d_fsd = read_fsdata(dentry);
  if (WARN_ON(is_real_fops(d_fsd))) return;
  auto* fsd = static_cast<debugfs_fsdata*>(d_fsd);
  const debugfs_options& options = dentry->d_sb->options;
  lock_cancellations(fsd, options);
  if (!list_empty(&c->list)) list_del(&c->list);
  unlock_cancellations(fsd, options);
}

// Calls cancel() of all that are in the list.
static void cancel_all(dentry* dentry, debugfs_fsdata* fsd) {
  const debugfs_options& options = dentry->d_sb->options;
  const bool keeps_lock = options.lock == cancellations_lock::MUTEX;
  lock_cancellations(fsd, options);
  while (debugfs_cancellation* c =
             list_first_entry_or_null(&fsd->cancellations, debugfs_cancellation, list)) {
    list_del_init(&c->list);
    if (!keeps_lock) unlock_cancellations(fsd, options);
    c->cancel(dentry, c->cancel_data);
    if (!keeps_lock) lock_cancellations(fsd, options);
  }
  unlock_cancellations(fsd, options);
}

// Brings handlers on until the last one has left.
static void cancel_until_unused(dentry* dentry, debugfs_fsdata* fsd) {
  while (refcount_read(&fsd->active_users) != 0) {
    cancel_all(dentry, fsd);
    wait_for_completion(&fsd->active_users_drained);
  }
}

void __debugfs_file_removed(dentry* dentry) {
  kernel::smp_mb();  // Either file_get sees the dentry unlinked, or this sees its fsdata.
  void* d_fsd = read_fsdata(dentry);
  if (is_real_fops(d_fsd)) return;
  auto* fsd = static_cast<debugfs_fsdata*>(d_fsd);
  const debugfs_options& options = dentry->d_sb->options;
  if (options.annotates) {
    lock_map_acquire(&fsd->lockdep_map);
    lock_map_release(&fsd->lockdep_map);
  }
  const bool is_unused = refcount_dec_and_test(&fsd->active_users);
  switch (options.drain) {
    case drain_form::WAIT_ONCE:
      if (!is_unused) wait_for_completion(&fsd->active_users_drained);
      return;
    case drain_form::INVERTED:
      // With a handler inside this branch is taken, and nothing is cancelled; without one there is
      // nothing to cancel.
      if (!is_unused) {
        wait_for_completion(&fsd->active_users_drained);
        return;
      }
      cancel_until_unused(dentry, fsd);
      return;
    case drain_form::UNTIL_UNUSED:  // 952c3fce297f
      if (!is_unused) cancel_until_unused(dentry, fsd);
      return;
  }
}

}  // namespace models::debugfs
