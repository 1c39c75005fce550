// SPDX-License-Identifier: GPL-2.0-only
//
// Port of drivers/base/driver.c, and of driver_override in drivers/base/core.c and dd.c; see
// PORT.md.

#include "models/driver_core/driver.h"

#include "models/driver_core/bus.h"
#include "models/driver_core/ghost.h"
#include "models/kernel/errno.h"
#include "models/kernel/slab.h"
#include "models/kernel/string.h"

namespace models::driver_core {

using kernel::class_spinlock_constructor;
using kernel::class_spinlock_destructor;
using kernel::class_spinlock_t;
using kernel::GFP_KERNEL;
using kernel::kfree;

// ---- Registration

int driver_register(device_driver* drv) {
  if (driver_find(drv->name, drv->bus) != nullptr) return -EBUSY;
  return bus_add_driver(drv);
}

void driver_unregister(device_driver* drv) {
  if (drv->p == nullptr) return;
  bus_remove_driver(drv);
}

// ---- What a user wrote

// The length of the first line. Returns -EINVAL for what is too long.
static ssize_t line_length(const char* s, size_t len) {
  if (s == nullptr || len >= PAGE_SIZE - 1) return -EINVAL;
  const size_t end = kernel::strlen(s);
  for (size_t i = 0; i < end; ++i) {
    if (s[i] == '\n') return static_cast<ssize_t>(i);
  }
  return static_cast<ssize_t>(end);
}

// ---- Base

int driver_set_override(device* dev, const char** override, const char* s, size_t len) {
  const ssize_t length = line_length(s, len);
  if (length < 0) return static_cast<int>(length);

  const char* name = nullptr;
  if (length > 0) {
    name = kernel::kstrndup(s, static_cast<size_t>(length), GFP_KERNEL, "driver_override");
    if (name == nullptr) return -ENOMEM;
    ghost_override_allocated(dev);
  }
  device_lock(dev);
  const char* old = *override;
  *override = name;
  ghost_override_changes(dev, name);
  device_unlock(dev);
  ghost_override_freed(dev, old);
  kfree(old);
  return 0;
}

// ---- The override of the core

int __device_set_driver_override(device* dev, const char* s, size_t len) {
  const ssize_t length = line_length(s, len);
  if (length < 0) return static_cast<int>(length);

  const char* name = nullptr;
  if (length > 0) {
    name = kernel::kstrndup(s, static_cast<size_t>(length), GFP_KERNEL, "driver_override");
    if (name == nullptr) return -ENOMEM;
    ghost_override_allocated(dev);
  }
  spin_lock(&dev->driver_override.lock);
  const char* old = dev->driver_override.name;
  dev->driver_override.name = name;
  ghost_override_changes(dev, name);
  spin_unlock(&dev->driver_override.lock);
  ghost_override_freed(dev, old);
  kfree(old);
  return 0;
}

int device_set_driver_override(device* dev, const char* s) {
  return __device_set_driver_override(dev, s, kernel::strlen(s));
}

bool device_has_driver_override(device* dev) {
  guard(spinlock)(&dev->driver_override.lock);
  return dev->driver_override.name != nullptr;
}

// Compares what fits into `size` bytes of it.
static int match_copy(device* dev, const device_driver* drv, char* copy, size_t size) {
  spin_lock(&dev->driver_override.lock);
  const bool is_set = dev->driver_override.name != nullptr;
  if (is_set) kernel::strscpy(copy, dev->driver_override.name, size);
  spin_unlock(&dev->driver_override.lock);
  if (!is_set) return -1;
  return kernel::strcmp(copy, drv->name) == 0 ? 1 : 0;
}

static int match_full_copy(device* dev, const device_driver* drv) {
  auto* copy = static_cast<char*>(
      kernel::kmalloc(PAGE_SIZE, GFP_KERNEL | kernel::__GFP_NOFAIL, "override_copy"));
  const int ret = match_copy(dev, drv, copy, PAGE_SIZE);
  kfree(copy);
  return ret;
}

int device_match_driver_override(device* dev, const device_driver* drv) {
  switch (dev->core->options.compare) {
    case override_compare::COPY_32: {
      char copy[32];
      return match_copy(dev, drv, copy, sizeof(copy));
    }
    case override_compare::COPY_ALL:
      return match_full_copy(dev, drv);
    case override_compare::IN_PLACE:
      break;
  }
  guard(spinlock)(&dev->driver_override.lock);
  if (dev->driver_override.name == nullptr) return -1;
  return kernel::strcmp(dev->driver_override.name, drv->name) == 0 ? 1 : 0;
}

// ---- Its attribute

static ssize_t driver_override_store(device* dev, const char* buf, size_t count) {
  const int ret = __device_set_driver_override(dev, buf, count);
  if (ret != 0) return ret;
  ghost_override_stored(dev);
  return static_cast<ssize_t>(count);
}

static ssize_t driver_override_show(device* dev, char* buf) {
  guard(spinlock)(&dev->driver_override.lock);
  const char* name = dev->driver_override.name;
  kernel::strscpy(buf, name != nullptr ? name : "(null)", PAGE_SIZE);
  return static_cast<ssize_t>(kernel::strlen(buf));
}

const device_attribute driver_override_attribute = {
    .name = "driver_override", .show = driver_override_show, .store = driver_override_store};

}  // namespace models::driver_core
