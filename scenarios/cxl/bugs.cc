// SPDX-License-Identifier: MIT
//
// What the known bugs of the CXL core look like as failures.

#include "heddle/testing/scenario.h"

namespace scenarios {

using heddle::FailureKind;

// First, for where two patterns say equally much the earlier one stands.
static const bool remaining_bugs = heddle::RegisterBugs(
    "cxl",
    {
        {.id = "Y1",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"handle_dport_errors"},
         .sentence = "the error handler looks a dport up, and reads it after it was freed"},
        {.id = "Y1",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"cxl_rcrb_get_comp_regs"},
         .sentence = "the probe of cxl_pci does"},
        {.id = "Y1",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"cxl_dport_map_rcd_linkcap"},
         .sentence = "the probe of cxl_pci writes to such a dport"},
        {.id = "Y2",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"attach_to_port"},
         .sentence = "enumeration finds a dport, drops the locks, and reads it after it was freed"},
        {.id = "Y2",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"cxl_gpf_port_setup"},
         .sentence = "sets it up then"},
        {.id = "Y3",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"add_port_attach_ep"},
         .sentence = "a port is made, and taken down by another device before the one that made it "
                     "is linked to its dport"},
        {.id = "Y3",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"add_ep", "cxl_port_release"},
         .sentence = "the port itself is gone when the one that made it locks it"},
        {.id = "Y4",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"platform_device"},
         .sentence = "a reader has the root port, and locks its uport_dev, which is gone"},
        {.id = "Y5",
         .kind = FailureKind::kInvariant,
         .property = "INV-C4",
         .objects = {"dport->rch"},
         .sentence = "between two looks a dport became one of the other kind, and the endpoint is "
                     "added to the wrong host"},
        {.id = "Y6",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"cxl_einj_inject"},
         .sentence = "the debugfs file of a dport stays when the dport goes"},
        {.id = "Y7",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"rcd_pcie_cap"},
         .functions = {"read_rcd_pcie_cap"},
         .sentence = "a dport points at registers that cxl_pci has unmapped"},
        {.id = "Y7",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"cxl_memdev"},
         .sentence = "the file of cxl_pci finds its memory device gone"},
        {.id = "Y8",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"endpoint_ras"},
         .sentence = "the registers of an endpoint are read after it lost its driver, and before "
                     "the memory device did"},
    });

static const bool reader_bugs = heddle::RegisterBugs(
    "cxl",
    {
        {.id = "X0-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"attach_captured"},
         .sentence = "a probe looks a dport up, and asks what it is after it was freed"},
        {.id = "X0-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"emit_captured"},
         .sentence = "a file in sysfs does"},
        {.id = "X2a-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"devm_cxl_add_endpoint"},
         .sentence = "a dport that was found earlier is used under the lock of its host, which was "
                     "unbound and bound again meanwhile"},
        {.id = "X1r-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"attach_in_port"},
         .sentence = "a probe looks a dport up, takes the lock of the port, and finds it freed"},
        {.id = "X1r-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"read_rcd_pcie_cap"},
         .sentence = "a file in sysfs does, with that lock or the host's"},
        {.id = "X2w-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"attach_loaded"},
         .sentence = "a dport is loaded under root->dev, and freed there by a removal that does "
                     "not take it"},
        {.id = "X1rr-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .objects = {"dport_ras"},
         .sentence = "root->dev keeps a dport, but not the mapping of its registers, which goes "
                     "before it"},
        {.id = "X1rr-use-after-free",
         .kind = FailureKind::kUseAfterFree,
         .functions = {"cxl_port_release"},
         .sentence = "it does not keep the host, whose resources go, with the endpoint that is "
                     "being added to them"},
        {.id = "X1rr-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-C4",
         .objects = {"endpoint"},
         .sentence = "such an endpoint comes too late to go with its host, and stays"},
        {.id = "X1rr-misuse",
         .kind = FailureKind::kMisuse,
         .functions = {"get_device"},
         .sentence = "such an endpoint gets a reference when it has none left"},
        {.id = "X1rr-leak",
         .kind = FailureKind::kLeak,
         .functions = {"sysfs_create_link"},
         .sentence = "links of such an endpoint are made after it was taken down"},
        {.id = "X2nest-lock-order",
         .kind = FailureKind::kLockOrder,
         .objects = {"root->dev.mutex", "uport_dev->mutex"},
         .sentence = "lockdep sees both orders of uport_dev and root->dev, nobody hangs"},
        {.id = "X2nest-deadlock",
         .kind = FailureKind::kDeadlock,
         .objects = {"root->dev.mutex", "uport_dev->mutex"},
         .sentence = "a probe takes uport_dev inside of root->dev, the removal of a dport takes "
                     "them the other way"},
    });

static const bool removal_bugs = heddle::RegisterBugs(
    "cxl",
    {
        {.id = "X0-invariant",
         .kind = FailureKind::kInvariant,
         .property = "INV-C2",
         .sentence = "the removal of a dport of the root counts and erases without the lock that "
                     "others count under"},
        {.id = "X0n-recursive-deadlock",
         .kind = FailureKind::kRecursiveDeadlock,
         .functions = {"cxl_dport_remove"},
         .sentence = "the removal of a dport takes the lock of a port that its caller holds"},
        {.id = "X0-recursive-deadlock",
         .kind = FailureKind::kRecursiveDeadlock,
         .functions = {"delete_endpoint"},
         .sentence = "without memory an endpoint is removed at once, under the lock of its host"},
        {.id = "X2-inside-recursive-deadlock",
         .kind = FailureKind::kRecursiveDeadlock,
         .functions = {"cond_cxl_root_lock"},
         .sentence = "without memory the removal runs at once, under the lock that it takes"},
    });

}  // namespace scenarios
