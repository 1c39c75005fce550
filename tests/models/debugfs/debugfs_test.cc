// SPDX-License-Identifier: MIT
//
// The port's own behaviour: errors, lifetimes and the order of removal. What races do to it is for
// the scenarios.

#include "models/debugfs/debugfs.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "heddle/testing/ensure.h"
#include "models/debugfs/ghost.h"
#include "models/debugfs/user.h"
#include "models/kernel/err.h"
#include "models/kernel/slab.h"
#include "tests/models/kernel/explored.h"

namespace models::debugfs {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;
using kernel::ExecutionsOf;
using kernel::FailureOf;
using kernel::IS_ERR;
using kernel::PTR_ERR;

ssize_t ReadTwoBytes(file* /*file*/, char* user_buf, size_t count, loff_t* ppos) {
  return simple_read_from_buffer(user_buf, count, ppos, "1\n", 2);
}

unsigned int PollReady(file* /*file*/) {
  return EPOLLIN;
}

int OpenFails(inode* /*inode*/, file* /*file*/) {
  return -EINVAL;
}

constexpr file_operations kReadable = {.read = ReadTwoBytes, .poll = PollReady};
constexpr file_operations kUnopenable = {.open = OpenFails, .read = ReadTwoBytes};

// Runs `body` on an empty file system in which no allocation fails, and takes it down afterwards:
// what the body leaves behind is a leak.
template <class Body>
void OnFileSystem(const Body& body) {
  CHECK(ExecutionsOf({}, [&](Execution& /*execution*/) {
          kernel::slab_faults_nowhere();
          super_block* sb = debugfs_mount({});
          body(sb);
          debugfs_kill(sb);
        }) == 1);
}

TEST_CASE("a name is created once, and again after it was removed") {
  OnFileSystem([](super_block* sb) {
    dentry* first = debugfs_create_file("state", sb->s_root, nullptr, &kReadable);
    HEDDLE_ENSURE(PTR_ERR(debugfs_create_dir("state", sb->s_root)) == -EEXIST);
    debugfs_remove(first);
    dentry* second = debugfs_create_dir("state", sb->s_root);
    HEDDLE_ENSURE(!IS_ERR(second));
    debugfs_remove(second);
  });
}

TEST_CASE("nothing is created in a directory that was removed, nor under an error") {
  OnFileSystem([](super_block* sb) {
    dentry* dir = debugfs_create_dir("phy0", sb->s_root);
    dget(dir);
    debugfs_remove(dir);
    dentry* entry = debugfs_create_file("state", dir, nullptr, &kReadable);
    HEDDLE_ENSURE(PTR_ERR(entry) == -ENOENT);
    HEDDLE_ENSURE(PTR_ERR(debugfs_create_dir("below", entry)) == -ENOENT);
    dput(dir);
  });
}

TEST_CASE("removing a directory takes away all that is below it, and null and errors nothing") {
  OnFileSystem([](super_block* sb) {
    dentry* dir = debugfs_create_dir("phy0", sb->s_root);
    dentry* below = debugfs_create_dir("netdev:wlan0", dir);
    dentry* file = dget(debugfs_create_file("state", below, nullptr, &kReadable));
    debugfs_create_file("flags", dir, nullptr, &kReadable);
    debugfs_remove(nullptr);
    debugfs_remove(kernel::ERR_PTR(-ENOMEM));
    HEDDLE_ENSURE(!d_unlinked(file));
    debugfs_remove(dir);
    HEDDLE_ENSURE(d_unlinked(file));
    HEDDLE_ENSURE(d_lookup(sb->s_root, "phy0") == nullptr);
    dput(file);
  });
}

TEST_CASE("a file that was removed gives -EIO to who has it open, and -ENOENT to who opens it") {
  OnFileSystem([](super_block* sb) {
    dentry* dir = debugfs_create_dir("phy0", sb->s_root);
    dentry* file = debugfs_create_file("state", dir, nullptr, &kReadable);
    debugfs::file* opened = user_open(dir, "state");
    HEDDLE_ENSURE(user_read(opened) == 2);
    HEDDLE_ENSURE(vfs_poll(opened) == EPOLLIN);
    debugfs_remove(file);
    HEDDLE_ENSURE(user_read(opened) == -EIO);
    HEDDLE_ENSURE(vfs_poll(opened) == EPOLLHUP);
    HEDDLE_ENSURE(PTR_ERR(user_open(dir, "state")) == -ENOENT);
    user_close(opened);
    debugfs_remove(dir);
  });
}

TEST_CASE("open fails with -ENXIO for a module that goes, and with what the driver's open says") {
  OnFileSystem([](super_block* sb) {
    auto* owner = kernel::kzalloc_obj<module>(kernel::GFP_KERNEL);
    atomic_set(&owner->refcnt, 0);
    file_operations fops = kReadable;
    fops.owner = owner;
    dentry* file = debugfs_create_file("state", sb->s_root, nullptr, &fops);
    debugfs::file* opened = user_open(sb->s_root, "state");
    HEDDLE_ENSURE(atomic_read(&owner->refcnt) == 1);
    user_close(opened);
    HEDDLE_ENSURE(atomic_read(&owner->refcnt) == 0);
    owner->is_going = true;
    HEDDLE_ENSURE(PTR_ERR(user_open(sb->s_root, "state")) == -ENXIO);
    debugfs_remove(file);
    kernel::kfree(owner);

    dentry* unopenable = debugfs_create_file("locked", sb->s_root, nullptr, &kUnopenable);
    HEDDLE_ENSURE(PTR_ERR(user_open(sb->s_root, "locked")) == -EINVAL);
    debugfs_remove(unopenable);
  });
}

TEST_CASE("an unsafe file is protected while it is opened, and not while it is read") {
  OnFileSystem([](super_block* sb) {
    dentry* file = debugfs_create_file_unsafe("state", sb->s_root, nullptr, &kReadable);
    debugfs::file* opened = user_open(sb->s_root, "state");
    debugfs_remove(file);
    HEDDLE_ENSURE(user_read(opened) == 2);
    user_close(opened);
  });
}

TEST_CASE("creating fails with -ENOMEM at each of its allocations, and leaves nothing behind") {
  const uint64_t executions = ExecutionsOf({.preemptions = 0, .faults = 1}, [](Execution&) {
    kernel::slab_faults_nowhere();
    super_block* sb = debugfs_mount({});
    kernel::slab_faults_everywhere();
    for (int i = 0; i < 2; ++i) {
      dentry* made = i == 0 ? debugfs_create_dir("dir", sb->s_root)
                            : debugfs_create_file("file", sb->s_root, nullptr, &kReadable);
      HEDDLE_ENSURE(!IS_ERR(made) || PTR_ERR(made) == -ENOMEM);
      debugfs_remove(made);
    }
    debugfs_kill(sb);
  });
  CHECK(executions == 5);  // No fault, and one at each dentry and each inode.
}

TEST_CASE("the fsdata is freed with the last reference, and the open file has one") {
  const auto body = [](bool closes_first) {
    return [=](Execution&) {
      kernel::slab_faults_nowhere();
      super_block* sb = debugfs_mount({});
      dentry* file = debugfs_create_file("state", sb->s_root, nullptr, &kReadable);
      debugfs::file* opened = user_open(sb->s_root, "state");
      auto* fsd = static_cast<debugfs_fsdata*>(file->d_fsdata);
      if (closes_first) user_close(opened);
      debugfs_remove(file);
      HEDDLE_ENSURE(refcount_read(&fsd->active_users) == 0);
      if (!closes_first) user_close(opened);
      debugfs_kill(sb);
    };
  };
  CHECK(ExecutionsOf({}, body(false)) == 1);
  const Failure failure = FailureOf({}, body(true));
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(kernel::ObjectsOf(failure) == "debugfs_fsdata");
}

}  // namespace
}  // namespace models::debugfs
