// SPDX-License-Identifier: GPL-2.0-only

#include "models/driver_core/environment.h"

#include "models/driver_core/core.h"
#include "models/kernel/slab.h"
#include "models/kernel/string.h"

namespace models::driver_core {

using kernel::kernfs_node;

environment environment_create(const core_options& options) {
  kernel::slab_faults_nowhere();
  driver_core* core = driver_core_create(options);
  core->modules = kernel::kzalloc_obj<module_list>(kernel::GFP_KERNEL);
  const environment world = {.core = core, .platform = platform_bus_init(core), .log = core->ghost};
  environment_keep(world, world.platform);
  return world;
}

void environment_keep(const environment& world, void* item) {
  auto* modules = static_cast<module_list*>(world.core->modules);
  modules->items[modules->count++] = item;
}

platform_device* environment_device_to_come(const environment& world, const char* name) {
  return platform_device_alloc(name, world.platform);
}

platform_device* environment_device(const environment& world, const char* name) {
  platform_device* pdev = environment_device_to_come(world, name);
  platform_device_add(pdev);
  return pdev;
}

void environment_bystanders(const environment& world, int64_t count) {
  for (int64_t i = 0; i < count; ++i) environment_device(world, "bystander");
}

scripted_driver* environment_driver_to_come(const environment& world, const driver_spec& spec) {
  scripted_driver* drv = scripted_driver_create(world.platform, spec);
  environment_keep(world, drv);
  return drv;
}

scripted_driver* environment_driver(const environment& world, const driver_spec& spec) {
  scripted_driver* drv = environment_driver_to_come(world, spec);
  platform_driver_register(&drv->pdrv);
  return drv;
}

// ---- Users

static kernfs_node* opened(kernfs_node* kn) {
  kernfs_get(kn);
  return kn;
}

kernfs_node* environment_open_override(const environment& world, platform_device* pdev) {
  kernfs_node* file =
      opened(world.platform->driver_override ? pdev->dev.override_file.kn : pdev->dev.bus_file.kn);
  environment_keep(world, file);  // Open, it outlives its device.
  return file;
}

kernfs_node* environment_open_bind(scripted_driver* drv) {
  return opened(drv->pdrv.driver.p->bind.kn);
}

kernfs_node* environment_open_unbind(scripted_driver* drv) {
  return opened(drv->pdrv.driver.p->unbind.kn);
}

ssize_t user_writes(kernfs_node* file, const char* text) {
  return kernfs_fop_write(file, text, kernel::strlen(text));
}

ssize_t user_reads(kernfs_node* file) {
  auto* buf = static_cast<char*>(
      kernel::kzalloc(PAGE_SIZE, kernel::GFP_KERNEL | kernel::__GFP_NOFAIL, "seq_file"));
  const ssize_t size = kernfs_fop_read(file, buf, PAGE_SIZE);
  kernel::kfree(buf);
  return size;
}

// ---- Faults

void environment_let_fail(std::initializer_list<std::string_view> sites) {
  kernel::slab_faults_at(sites);
}

void environment_let_registration_fail() {
  environment_let_fail({kOverrideSites[0], kDriverSite});
}

}  // namespace models::driver_core
