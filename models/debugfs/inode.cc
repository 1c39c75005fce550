// SPDX-License-Identifier: GPL-2.0-only
//
// Creating and removing (fs/debugfs/inode.c).

#include "models/debugfs/debugfs.h"
#include "models/debugfs/ghost.h"
#include "models/kernel/access_once.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/kernel/warn.h"

namespace models::debugfs {

using kernel::ERR_PTR;
using kernel::GFP_KERNEL;
using kernel::IS_ERR;
using kernel::IS_ERR_OR_NULL;

// ---- The file system

static void debugfs_release_dentry(dentry* dentry) {
  const debugfs_options& options = dentry->d_sb->options;
  void* d_fsd = dentry->d_fsdata;
  if (is_real_fops(d_fsd)) return;
  auto* fsd = static_cast<debugfs_fsdata*>(d_fsd);
  // Before 0ed04a1847a1 nobody looked inside: a function came to kfree, too.
  const bool looks_inside = options.automount == automount_form::FSDATA;
  if (looks_inside && fsd != nullptr && fsd->real_fops != nullptr) {
    if (has_cancellations(options)) WARN_ON(!list_empty(&fsd->cancellations));
    destroy_fsdata(fsd, options);
  }
  kernel::kfree(fsd);
}

super_block* debugfs_mount(const debugfs_options& options) {
  auto* sb = kernel::kzalloc_obj<super_block>(GFP_KERNEL);
  auto* root = kernel::kzalloc_obj<dentry>(GFP_KERNEL);
  inode* inode = new_inode(inode_type::DIRECTORY);
  if (sb == nullptr || root == nullptr || inode == nullptr) {
    kernel::kfree(inode);
    kernel::kfree(root);
    kernel::kfree(sb);
    return nullptr;
  }
  spin_lock_init(&sb->s_hash_lock);
  INIT_LIST_HEAD(&sb->s_dentries);
  sb->d_release = debugfs_release_dentry;
  sb->options = options;
  sb->ghost = ghost_log_create();
  atomic_set(&root->d_count, 1);
  spin_lock_init(&root->d_lock);
  root->d_name = "/";
  root->d_sb = sb;
  root->d_parent = root;
  INIT_LIST_HEAD(&root->d_subdirs);
  root->ghost_file = kNoGhostFile;
  d_instantiate(root, inode);
  sb->s_root = root;
  return sb;
}

void debugfs_kill(super_block* sb) {
  d_invalidate(sb->s_root);
  dput(sb->s_root);
  kernel::kfree(sb);
}

// ---- Creating

// Looks the name up with the parent locked, and leaves it locked unless that fails.
static dentry* start_creating(const char* name, dentry* parent) {
  if (IS_ERR(parent)) return parent;
  inode* dir = parent->d_inode;
  inode_lock(dir);
  if (dir->i_is_dead) {
    inode_unlock(dir);
    return ERR_PTR(-ENOENT);
  }
  if (dentry* existing = d_lookup(parent, name)) {
    inode_unlock(dir);
    dput(existing);
    return ERR_PTR(-EEXIST);
  }
  dentry* dentry = d_alloc(parent, name);
  if (dentry == nullptr) {
    inode_unlock(dir);
    return ERR_PTR(-ENOMEM);
  }
  dentry->ghost_file = kNoGhostFile;
  return dentry;
}

static dentry* failed_creating(dentry* dentry) {
  inode_unlock(dentry->d_parent->d_inode);
  dput(dentry);
  return ERR_PTR(-ENOMEM);
}

static dentry* end_creating(dentry* dentry) {
  inode_unlock(dentry->d_parent->d_inode);
  return dentry;
}

dentry* debugfs_create_dir(const char* name, dentry* parent) {
  dentry* dentry = start_creating(name, parent);
  if (IS_ERR(dentry)) return dentry;
  inode* inode = new_inode(inode_type::DIRECTORY);
  if (inode == nullptr) return failed_creating(dentry);
  d_instantiate(dentry, inode);
  return end_creating(dentry);
}

// What the two kinds of files differ in.
struct file_kind {
  const file_operations* proxy_fops;
  const file_operations* real_fops;
};

static dentry* __debugfs_create_file(const char* name, dentry* parent, void* data,
                                     const file_kind& kind) {
  dentry* dentry = start_creating(name, parent);
  if (IS_ERR(dentry)) return dentry;
  inode* inode = new_inode(inode_type::REGULAR);
  if (inode == nullptr) return failed_creating(dentry);
  inode->i_private = data;
  inode->i_fop = kind.proxy_fops;
  dentry->d_fsdata = encode_real_fops(kind.real_fops);
  ghost_file_created(dentry);
  d_instantiate(dentry, inode);
  return end_creating(dentry);
}

dentry* debugfs_create_file(const char* name, dentry* parent, void* data,
                            const file_operations* fops) {
  return __debugfs_create_file(
      name, parent, data,
      {.proxy_fops = fops ? &debugfs_full_proxy_file_operations : &debugfs_noop_file_operations,
       .real_fops = fops});
}

dentry* debugfs_create_file_unsafe(const char* name, dentry* parent, void* data,
                                   const file_operations* fops) {
  return __debugfs_create_file(
      name, parent, data,
      {.proxy_fops = fops ? &debugfs_open_proxy_file_operations : &debugfs_noop_file_operations,
       .real_fops = fops});
}

dentry* debugfs_create_automount(const char* name, dentry* parent, debugfs_automount_t f,
                                 void* data) {
  dentry* dentry = start_creating(name, parent);
  if (IS_ERR(dentry)) return dentry;
  void* d_fsd = reinterpret_cast<void*>(f);
  if (dentry->d_sb->options.automount == automount_form::FSDATA) {  // 0ed04a1847a1
    auto* fsd = kernel::kzalloc_obj<debugfs_fsdata>(GFP_KERNEL);
    if (fsd == nullptr) return failed_creating(dentry);
    fsd->automount = f;
    d_fsd = fsd;
  }
  inode* inode = new_inode(inode_type::AUTOMOUNT);
  if (inode == nullptr) {
    if (dentry->d_sb->options.automount == automount_form::FSDATA) kernel::kfree(d_fsd);
    return failed_creating(dentry);
  }
  inode->i_private = data;
  dentry->d_fsdata = d_fsd;
  d_instantiate(dentry, inode);
  return end_creating(dentry);
}

dentry* debugfs_automount(dentry* dentry) {
  void* d_fsd = dentry->d_fsdata;
  auto f = reinterpret_cast<debugfs_automount_t>(d_fsd);
  if (dentry->d_sb->options.automount == automount_form::FSDATA) {
    f = static_cast<debugfs_fsdata*>(d_fsd)->automount;
  }
  return f(dentry, dentry->d_inode->i_private);
}

// ---- Removing

static void remove_one(dentry* victim) {
  if (!d_is_reg(victim)) return;
  ghost_file_unlinked(victim);
  __debugfs_file_removed(victim);
  ghost_file_removed(victim);
}

void debugfs_remove(dentry* dentry) {
  if (IS_ERR_OR_NULL(dentry)) return;
  simple_recursive_removal(dentry, remove_one);
}

}  // namespace models::debugfs
