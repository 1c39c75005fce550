// SPDX-License-Identifier: GPL-2.0-only
//
// A driver whose debugfs files ask its firmware: a user of debugfs other than the wireless stack,
// as the cover letter of the cancellation API has in mind. It stands for what drivers do in
// handlers, and should not.
//
// Kept:    the rules that fs/debugfs states for handlers, cancellations and release.
// Dropped: any hardware: the firmware is a work item that answers.
// Changed: no driver in the kernel looks like this one; each of its forms is one of its options.
//
//   state    read: the device's state. Its release may look at the device.
//   request  read: asks the firmware, and waits for the answer inside of a cancellation.
//   unbind   write: takes the device's files away, its own among them.
//   entry    write: makes another file.

#pragma once

#include "models/debugfs/debugfs.h"
#include "models/kernel/workqueue.h"

namespace models::debugfs {

// What the request's cancel() does besides ending the wait.
enum class cancel_form {
  ENDS_WAIT,             // Nothing: complete() is its last access.
  LOOKS_AFTER_COMPLETE,  // Looks at the request once more.
  WAITS_FOR_HANDLER,     // Waits until the handler has left its cancellation.
};

// Who takes the files away when "unbind" is written.
enum class unbind_form {
  BY_HANDLER,   // The handler itself.
  BY_FIRMWARE,  // The firmware, while the handler waits for it inside of a cancellation.
  BY_WORK,      // A work item that nobody waits for.
};

// Where "entry" makes its file.
enum class entry_form { SAME_DIRECTORY, OTHER_DIRECTORY };

// What the release of "state" looks at.
enum class release_form { NOTHING, DEVICE };

struct firmware_options {
  debugfs_options debugfs;
  cancel_form cancel = cancel_form::ENDS_WAIT;
  unbind_form unbind = unbind_form::BY_WORK;
  entry_form entry = entry_form::OTHER_DIRECTORY;
  release_form release = release_form::NOTHING;
};

struct firmware_request;

// The driver's module: its operations live as long as it is pinned.
struct firmware_module {
  debugfs::module owner;
  file_operations state_ops;
};

struct firmware_device {
  dentry* dir;
  dentry* root;  // Of the file system.
  firmware_options options;
  unsigned int state;
  unsigned int closes;  // Counted by release_form::DEVICE.

  kernel::mutex lock;  // For `pending`.
  firmware_request* pending;
  kernel::work_struct firmware;
  kernel::completion handler_left;
  kernel::work_struct unbind;
};

// Which files a scenario has the device make.
struct firmware_files {
  bool state = false;
  bool request = false;
  bool unbind = false;
  bool entry = false;
};

struct firmware_world {
  super_block* sb;
  firmware_module* module;
  firmware_device* device;
  dentry* dir;  // Where users stand, with a reference of their own.
};

// A device with files, in a file system of its own. No allocation fails from now on.
firmware_world firmware_world_create(const firmware_options& options, const firmware_files& files);

// The driver lets go of its device: the files are removed, then it is freed.
void firmware_remove(firmware_device* device);

// Frees everything else, once all actors are done.
void firmware_world_destroy(const firmware_world& world);

}  // namespace models::debugfs
