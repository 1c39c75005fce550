// SPDX-License-Identifier: GPL-2.0-only
//
// An automount point is removed.
//
//   create:  d_fsdata = the callback          fixed: a debugfs_fsdata that holds it
//   remove:  the last reference frees d_fsdata, unless bit 0 is set
//
// Bug:    the callback is a function, whose bit 0 is clear: kfree is given code. The one user in
//         the tree never removes its automount, so nobody met it.
// Expect: A0 frees a function, in every schedule; A1 does not, whatever allocation fails.

#include "heddle/testing/scenario.h"
#include "models/debugfs/debugfs.h"
#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/wifi/wifi_options.h"

namespace models::wifi {

// Thumb functions have bit 0 set; this one is aligned like those of other machines.
[[gnu::aligned(16)]] static debugfs::dentry* mount_tracefs(debugfs::dentry* dentry, void* data) {
  return data == dentry->d_sb ? dentry : nullptr;
}

static void Automount(heddle::Execution& execution, const wifi_options& options) {
  kernel::slab_faults_nowhere();
  debugfs::super_block* sb = debugfs::debugfs_mount(options.debugfs);
  kernel::slab_faults_everywhere();
  debugfs::dentry* dentry =
      debugfs::debugfs_create_automount("tracing", sb->s_root, mount_tracefs, sb);
  if (kernel::IS_ERR(dentry)) {
    HEDDLE_ENSURE(kernel::PTR_ERR(dentry) == -ENOMEM);
  } else {
    execution.Spawn("cd", [=] {
      // The walk holds a reference of its own, as long as it is there.
      debugfs::dentry* walked = debugfs::d_lookup(sb->s_root, "tracing");
      if (walked == nullptr) return;
      HEDDLE_ENSURE(debugfs::debugfs_automount(walked) == walked);
      debugfs::dput(walked);
    });
    execution.Spawn("rmmod", [=] { debugfs::debugfs_remove(dentry); });
    execution.JoinAll();
  }
  debugfs::debugfs_kill(sb);
}

static const heddle::ExpectedFinding freed_function = {.bug = "A0-invalid-free"};

static const std::vector<heddle::NamedVariant> table = {
    {"A0", 20, {freed_function}},
    {"A1", 23, {}, {"A0-invalid-free"}},
};

static const bool automount = heddle::Register<wifi_options>({
    .name = "debugfs/automount",
    .story = "An automount point is removed while a user walks into it.",
    .body = Automount,
    .bounds = {.preemptions = 2, .faults = 1},
    .variants = heddle::VariantsOf(variant, table),
});

}  // namespace models::wifi
