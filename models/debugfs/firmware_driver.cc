// SPDX-License-Identifier: GPL-2.0-only

#include "models/debugfs/firmware_driver.h"

#include "models/kernel/err.h"
#include "models/kernel/errno.h"
#include "models/kernel/onstack.h"
#include "models/kernel/slab.h"

namespace models::debugfs {

using kernel::GFP_KERNEL;

// On the stack of the handler that waits.
struct firmware_request {
  firmware_device* device;
  bool removes_files;
  bool is_cancelled;
  int ret;
  kernel::completion done;
};

// ---- The firmware

static void firmware_answer(kernel::work_struct* work) {
  auto* device = container_of(work, firmware_device, firmware);
  mutex_lock(&device->lock);
  firmware_request* request = device->pending;
  device->pending = nullptr;
  mutex_unlock(&device->lock);
  if (request == nullptr) return;
  if (request->removes_files) debugfs_remove(device->dir);
  request->ret = 0;
  complete(&request->done);
}

// What the firmware has taken already it will answer: only a request that still waits is ended.
static void firmware_cancel(dentry* /*dentry*/, void* data) {
  auto* request = static_cast<firmware_request*>(data);
  firmware_device* device = request->device;
  const cancel_form form = device->options.cancel;
  mutex_lock(&device->lock);
  const bool is_pending = device->pending == request;
  if (is_pending) device->pending = nullptr;
  mutex_unlock(&device->lock);
  if (is_pending) {
    complete(&request->done);
    if (form == cancel_form::LOOKS_AFTER_COMPLETE) request->is_cancelled = true;
  }
  if (form == cancel_form::WAITS_FOR_HANDLER) wait_for_completion(&device->handler_left);
}

// Asks the firmware and waits. Returns its answer, or -EIO if the file is removed meanwhile.
static int firmware_ask(file* file, firmware_device* device, bool removes_files) {
  firmware_request request = {
      .device = device, .removes_files = removes_files, .is_cancelled = false, .ret = -EIO};
  ONSTACK_OBJECT(request);
  debugfs_cancellation cancellation = {.cancel = firmware_cancel, .cancel_data = &request};
  ONSTACK_OBJECT(cancellation);
  init_completion(&request.done);
  work_will_complete(&device->firmware, &request.done);
  completion_will_be_completed_by_me(&device->handler_left);

  mutex_lock(&device->lock);
  device->pending = &request;
  mutex_unlock(&device->lock);
  queue_work(kernel::system_wq, &device->firmware);

  debugfs_enter_cancellation(file, &cancellation);
  wait_for_completion(&request.done);
  debugfs_leave_cancellation(file, &cancellation);
  complete(&device->handler_left);
  const firmware_request* const answered = &request;
  return answered->ret;
}

static ssize_t read_request(file* file, char* user_buf, size_t count, loff_t* ppos) {
  auto* device = static_cast<firmware_device*>(file->private_data);
  const int ret = firmware_ask(file, device, /*removes_files=*/false);
  if (ret != 0) return ret;
  return simple_read_from_buffer(user_buf, count, ppos, "ok\n", 3);
}

// ---- Files

static ssize_t read_state(file* file, char* user_buf, size_t count, loff_t* ppos) {
  const auto* device = static_cast<firmware_device*>(file->private_data);
  const char text[] = {static_cast<char>('0' + device->state % 10), '\n'};
  return simple_read_from_buffer(user_buf, count, ppos, text, sizeof(text));
}

static int release_state(inode* inode, file* /*file*/) {
  ++static_cast<firmware_device*>(inode->i_private)->closes;
  return 0;
}

static void unbind_work(kernel::work_struct* work) {
  debugfs_remove(container_of(work, firmware_device, unbind)->dir);
}

static ssize_t write_unbind(file* file, const char* /*user_buf*/, size_t count, loff_t* /*ppos*/) {
  auto* device = static_cast<firmware_device*>(file->private_data);
  switch (device->options.unbind) {
    case unbind_form::BY_HANDLER:
      debugfs_remove(device->dir);
      break;
    case unbind_form::BY_FIRMWARE:
      if (const int ret = firmware_ask(file, device, /*removes_files=*/true)) return ret;
      break;
    case unbind_form::BY_WORK:
      queue_work(kernel::system_wq, &device->unbind);
      break;
  }
  return static_cast<ssize_t>(count);
}

static ssize_t write_entry(file* file, const char* /*user_buf*/, size_t count, loff_t* /*ppos*/) {
  auto* device = static_cast<firmware_device*>(file->private_data);
  const bool is_same = device->options.entry == entry_form::SAME_DIRECTORY;
  const dentry* entry = debugfs_create_dir("entry0", is_same ? device->dir : device->root);
  return kernel::IS_ERR(entry) ? kernel::PTR_ERR(entry) : static_cast<ssize_t>(count);
}

static constexpr file_operations request_ops = {.open = simple_open, .read = read_request};
static constexpr file_operations unbind_ops = {.open = simple_open, .write = write_unbind};
static constexpr file_operations entry_ops = {.open = simple_open, .write = write_entry};

// ---- The driver

static void make_files(firmware_device* device, const firmware_files& files,
                       const firmware_module* module) {
  if (files.state) debugfs_create_file("state", device->dir, device, &module->state_ops);
  if (files.request) debugfs_create_file("request", device->dir, device, &request_ops);
  if (files.unbind) debugfs_create_file("unbind", device->dir, device, &unbind_ops);
  if (files.entry) debugfs_create_file("entry", device->dir, device, &entry_ops);
}

static firmware_device* firmware_probe(dentry* root, const firmware_options& options) {
  auto* device = kernel::kzalloc_obj<firmware_device>(GFP_KERNEL);
  device->root = root;
  device->options = options;
  mutex_init(&device->lock);
  init_completion(&device->handler_left);
  INIT_WORK(&device->firmware, firmware_answer);
  INIT_WORK(&device->unbind, unbind_work);
  device->dir = debugfs_create_dir("firmware0", root);
  return device;
}

firmware_world firmware_world_create(const firmware_options& options, const firmware_files& files) {
  kernel::slab_faults_nowhere();
  super_block* sb = debugfs_mount(options.debugfs);
  auto* module = kernel::kzalloc_obj<firmware_module>(GFP_KERNEL);
  atomic_set(&module->owner.refcnt, 0);
  module->state_ops = {.owner = &module->owner, .open = simple_open, .read = read_state};
  if (options.release == release_form::DEVICE) module->state_ops.release = release_state;
  firmware_device* device = firmware_probe(sb->s_root, options);
  make_files(device, files, module);
  return {.sb = sb, .module = module, .device = device, .dir = dget(device->dir)};
}

void firmware_remove(firmware_device* device) {
  debugfs_remove(device->dir);
  cancel_work_sync(&device->firmware);
  kernel::kfree(device);
}

void firmware_world_destroy(const firmware_world& world) {
  dput(world.dir);
  // Whatever a handler made at the root.
  if (dentry* entry = d_lookup(world.sb->s_root, "entry0")) {
    debugfs_remove(entry);
    dput(entry);
  }
  debugfs_kill(world.sb);
  kernel::kfree(world.module);
}

}  // namespace models::debugfs
