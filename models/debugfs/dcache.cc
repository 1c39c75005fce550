// SPDX-License-Identifier: GPL-2.0-only
//
// Dentries (fs/dcache.c) and the removal of trees (fs/libfs.c).

#include "models/debugfs/fs.h"
#include "models/kernel/access_once.h"
#include "models/kernel/slab.h"
#include "models/kernel/string.h"

namespace models::debugfs {

using kernel::GFP_KERNEL;

bool d_is_reg(const dentry* dentry) {
  return dentry->d_inode != nullptr && dentry->d_inode->i_type == inode_type::REGULAR;
}

bool d_is_dir(const dentry* dentry) {
  return dentry->d_inode != nullptr && dentry->d_inode->i_type == inode_type::DIRECTORY;
}

bool d_unlinked(const dentry* dentry) {
  return !READ_ONCE(dentry->d_is_hashed);
}

// Whether the name still stands. Names change only with the inode of the parent locked, as it is
// here.
static bool simple_positive(const dentry* dentry) {
  return dentry->d_inode != nullptr && dentry->d_is_hashed;
}

// ---- Lifetime

dentry* dget(dentry* dentry) {
  atomic_inc(&dentry->d_count);
  return dentry;
}

static void dentry_kill(dentry* dentry) {
  debugfs::dentry* parent = dentry->d_parent;
  if (dentry->d_sb->d_release != nullptr) dentry->d_sb->d_release(dentry);
  if (parent != dentry) {
    spin_lock(&parent->d_lock);
    list_del(&dentry->d_child);
    spin_unlock(&parent->d_lock);
  }
  kernel::kfree(dentry->d_inode);
  kernel::kfree(dentry);
  if (parent != dentry) dput(parent);
}

void dput(dentry* dentry) {
  if (dentry == nullptr || !atomic_dec_and_test(&dentry->d_count)) return;
  dentry_kill(dentry);
}

inode* new_inode(inode_type type) {
  auto* inode = kernel::kzalloc_obj<debugfs::inode>(GFP_KERNEL);
  if (inode == nullptr) return nullptr;
  inode->i_type = type;
  init_rwsem(&inode->i_rwsem);
  return inode;
}

dentry* d_alloc(dentry* parent, const char* name) {
  auto* dentry = kernel::kzalloc_obj<debugfs::dentry>(GFP_KERNEL);
  if (dentry == nullptr) return nullptr;
  atomic_set(&dentry->d_count, 1);
  spin_lock_init(&dentry->d_lock);
  dentry->d_name = name;
  dentry->d_sb = parent->d_sb;
  dentry->d_parent = dget(parent);
  INIT_LIST_HEAD(&dentry->d_hash);
  INIT_LIST_HEAD(&dentry->d_subdirs);
  spin_lock(&parent->d_lock);
  list_add(&dentry->d_child, &parent->d_subdirs);
  spin_unlock(&parent->d_lock);
  return dentry;
}

// ---- Names

void d_instantiate(dentry* dentry, inode* inode) {
  super_block* sb = dentry->d_sb;
  dentry->d_inode = inode;
  spin_lock(&sb->s_hash_lock);
  list_add(&dentry->d_hash, &sb->s_dentries);
  WRITE_ONCE(dentry->d_is_hashed, true);
  spin_unlock(&sb->s_hash_lock);
}

void d_invalidate(dentry* dentry) {
  super_block* sb = dentry->d_sb;
  spin_lock(&sb->s_hash_lock);
  list_del_init(&dentry->d_hash);
  WRITE_ONCE(dentry->d_is_hashed, false);
  spin_unlock(&sb->s_hash_lock);
}

dentry* d_lookup(dentry* parent, const char* name) {
  super_block* sb = parent->d_sb;
  dentry* found = nullptr;
  dentry* dentry = nullptr;
  spin_lock(&sb->s_hash_lock);
  list_for_each_entry(dentry, &sb->s_dentries, d_hash) {
    if (dentry->d_parent != parent || kernel::strcmp(dentry->d_name, name) != 0) continue;
    found = dget(dentry);
    break;
  }
  spin_unlock(&sb->s_hash_lock);
  return found;
}

// ---- Removal

void inode_lock(inode* inode) {
  down_write(&inode->i_rwsem);
}

void inode_unlock(inode* inode) {
  up_write(&inode->i_rwsem);
}

// A child of `parent` that still has its name, with a reference, or null.
static dentry* find_next_child(dentry* parent) {
  dentry* found = nullptr;
  dentry* child = nullptr;
  spin_lock(&parent->d_lock);
  list_for_each_entry(child, &parent->d_subdirs, d_child) {
    if (!simple_positive(child)) continue;
    found = dget(child);
    break;
  }
  spin_unlock(&parent->d_lock);
  return found;
}

// Takes `victim` away, whose parent is locked; drops its existence.
static void remove_name(dentry* victim, void (*callback)(dentry*)) {
  if (!simple_positive(victim)) return;
  d_invalidate(victim);
  if (callback != nullptr) callback(victim);
  dput(victim);
}

// Takes away what is below `dir`, which is locked when this begins and when it ends, but not while
// a child is looked into.
static void remove_below(dentry* dir, void (*callback)(dentry*)) {
  dir->d_inode->i_is_dead = true;
  while (dentry* child = find_next_child(dir)) {
    inode_unlock(dir->d_inode);
    if (d_is_dir(child)) {
      inode_lock(child->d_inode);
      remove_below(child, callback);
      inode_unlock(child->d_inode);
    }
    inode_lock(dir->d_inode);
    remove_name(child, callback);
    dput(child);
  }
}

void simple_recursive_removal(dentry* dentry, void (*callback)(debugfs::dentry*)) {
  dget(dentry);
  debugfs::dentry* parent = dentry->d_parent;
  if (d_is_dir(dentry)) {
    inode_lock(dentry->d_inode);
    remove_below(dentry, callback);
    inode_unlock(dentry->d_inode);
  }
  inode_lock(parent->d_inode);
  remove_name(dentry, callback);
  inode_unlock(parent->d_inode);
  dput(dentry);
}

}  // namespace models::debugfs
