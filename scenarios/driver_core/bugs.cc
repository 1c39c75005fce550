// SPDX-License-Identifier: MIT
//
// What the known bugs of the driver core look like as failures.

#include "heddle/testing/scenario.h"

namespace scenarios {

using heddle::FailureKind;

static const bool override_bugs = heddle::RegisterBugs(
    "driver_core",
    {
        {.id = "M0-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"driver_override"},
         .functions = {"platform_match"},
         .sentence = "match compares a name that a store frees meanwhile (bug 220789)"},
        {.id = "M0-oops",
         .kind = FailureKind::kOops,
         .functions = {"platform_match"},
         .sentence = "match finds a name the first time it looks, and none the second time"},
        {.id = "D4",
         .kind = FailureKind::kInvariant,
         .property = "INV-D4",
         .functions = {"really_probe"},
         .sentence = "a device is matched, then reserved for another driver, then bound all the "
                     "same"},
    });

static const bool name_bugs = heddle::RegisterBugs(
    "driver_core",
    {
        {.id = "M3-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-D6",
         .functions = {"run_probe"},
         .sentence = "a store that takes no device lock changes the reservation during the probe"},
        {.id = "M5-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-D4",
         .objects = {"override_copy"},
         .functions = {"really_probe"},
         .sentence = "a reservation is cut off after 31 characters, and matches another driver"},
        {.id = "M5-assertion",
         .kind = FailureKind::kAssertion,
         .functions = {"LongName"},
         .sentence = "a driver with a long name never matches a device that is reserved for it"},
    });

static const bool probe_bugs = heddle::RegisterBugs(
    "driver_core",
    {
        {.id = "M1-hang",
         .kind = FailureKind::kHang,
         .functions = {"driver_match_device_locked"},
         .sentence = "a registration waits for the lock of a device whose probe never ends, only "
                     "to find that it does not match"},
        {.id = "M1-hang",
         .kind = FailureKind::kHang,
         .objects = {"firmware"},
         .sentence = "or for one that waits, alive, for what comes after the registration"},
        {.id = "M0-hang",
         .kind = FailureKind::kHang,
         .functions = {"__driver_attach"},
         .sentence = "a registration waits for the lock of a device that it matches, and whose "
                     "probe never ends"},
        {.id = "M0-hang",
         .kind = FailureKind::kHang,
         .functions = {"driver_set_override"},
         .sentence = "a store to driver_override waits for such a lock"},
        {.id = "M0-hang",
         .kind = FailureKind::kHang,
         .functions = {"device_driver_detach"},
         .sentence = "unbind does"},
        {.id = "M0-hang",
         .kind = FailureKind::kHang,
         .functions = {"device_shutdown"},
         .sentence = "a reboot does"},
        {.id = "M6-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-D3",
         .functions = {"__device_release_driver"},
         .sentence = "a driver is removed from a device whose probe it never finished"},
        {.id = "M1-recursive-deadlock",
         .kind = FailureKind::kRecursiveDeadlock,
         .functions = {"driver_match_device_locked"},
         .sentence = "a probe registers a driver on the bus of a device whose lock it holds"},
        {.id = "M1-deadlock",
         .kind = FailureKind::kDeadlock,
         .functions = {"driver_match_device_locked"},
         .sentence = "two probes register drivers, and each match waits for the other's device"},
        {.id = "M4-lock-order",
         .kind = FailureKind::kLockOrder,
         .objects = {"dev->mutex"},
         .sentence = "lockdep is told of device locks that a registration in a probe would take"},
        {.id = "M4-assertion",
         .kind = FailureKind::kAssertion,
         .functions = {"PlugInAndOutAtOnce"},
         .sentence = "more devices at a time than lockdep has room for classes: it is off"},
        {.id = "M3-lock-order",
         .kind = FailureKind::kLockOrder,
         .objects = {"card->config", "card->queue"},
         .sentence = "a driver takes two locks of its own in both orders"},
        {.id = "M0-n",
         .kind = FailureKind::kRecursiveDeadlock,
         .functions = {"__driver_attach"},
         .sentence = "a probe registers a driver that matches a device whose lock it holds"},
        {.id = "M0-n",
         .kind = FailureKind::kDeadlock,
         .functions = {"__driver_attach"},
         .sentence = "two probes register drivers for each other's devices"},
    });

static const bool transport_bugs = heddle::RegisterBugs(
    "driver_core",
    {
        {.id = "4.6-S",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"scmi_agent"},
         .sentence = "a service that goes while it is being taken is used after its end"},
        {.id = "4.6-S",
         .kind = FailureKind::kOops,
         .functions = {"scmi_chan_setup"},
         .sentence = "the agent of such a service is gone"},
        {.id = "4.6-S",
         .kind = FailureKind::kInvariant,
         .property = "INV-D5",
         .sentence = "the agent of such a service has no context any more"},
        {.id = "N0-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"scmi_agent"},
         .functions = {"scmi_send"},
         .sentence = "a service whose probe fails had published its agent, and a user has it"},
    });

static const bool registration_bugs = heddle::RegisterBugs(
    "driver_core",
    {
        {.id = "DQ-counter-data-race",
         .kind = FailureKind::kDataRace,
         .functions = {"is_first"},
         .sentence = "probes of two devices increment one static counter"},
        {.id = "DQ-marked-data-race",
         .kind = FailureKind::kDataRace,
         .functions = {"bus_add_driver"},
         .sentence = "a driver is registered twice at once: both set its private data"},
        {.id = "DQ-marked-oops",
         .kind = FailureKind::kOops,
         .functions = {"driver_create_file"},
         .sentence = "the second registration is refused, and takes the private data of the first"},
        {.id = "DQ-marked-oops",
         .kind = FailureKind::kOops,
         .functions = {"node_init"},
         .sentence = "the driver binds a device meanwhile"},
        {.id = "DQ-marked-leak",
         .kind = FailureKind::kLeak,
         .functions = {"driver_create_file"},
         .sentence = "nobody finds the files of a driver without private data"},
    });

}  // namespace scenarios
