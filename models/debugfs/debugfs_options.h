// SPDX-License-Identifier: GPL-2.0-only
//
// debugfs_options: in what the versions of debugfs' removal protection differ.
//
// One member per difference; the defaults are those of a tree with every fix. The super block
// carries the options, so each function of the port reads them from the dentry it works on.

#pragma once

namespace models::debugfs {

// What __debugfs_file_removed does about handlers that run.
enum class drain_form {
  WAIT_ONCE,     // Waits for the last one to leave (e9117a5a4bf6, before cancellations).
  INVERTED,      // Cancels only if there is none to cancel (the RFC, 8c88a474357e).
  UNTIL_UNUSED,  // Cancels and waits as long as there is one (952c3fce297f).
};

// What guards the list of cancellations.
enum class cancellations_lock {
  SPINLOCK,  // Dropped around each cancel() (the RFC).
  MUTEX,     // Held during cancel() (8c88a474357e).
};

// When the parts of a debugfs_fsdata besides its count are initialised.
enum class fsdata_init {
  AFTER_CMPXCHG,   // Once it is published, and by the loser on the winner's (8c88a474357e).
  BEFORE_CMPXCHG,  // While nobody knows it (159f5bdadcdd).
};

// What an automount's d_fsdata is.
enum class automount_form {
  FUNCTION_POINTER,  // The callback itself.
  FSDATA,            // A debugfs_fsdata that holds it (0ed04a1847a1).
};

struct debugfs_options {
  drain_form drain = drain_form::UNTIL_UNUSED;
  cancellations_lock lock = cancellations_lock::MUTEX;
  fsdata_init init = fsdata_init::BEFORE_CMPXCHG;
  automount_form automount = automount_form::FSDATA;

  // Handlers and removal are annotated for lockdep (f4acfcd4deb1, reverted by 88ac06a9f938).
  bool annotates = false;

  // In every version: debugfs_file_get refuses a dentry that is unlinked before it looks at the
  // count. Off only to show what that is for (P7).
  bool refuses_unlinked = true;
};

}  // namespace models::debugfs
