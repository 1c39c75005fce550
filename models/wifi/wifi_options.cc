// SPDX-License-Identifier: GPL-2.0-only

#include "models/wifi/wifi_options.h"

#include "heddle/base/check.h"

namespace models::wifi {

using debugfs::automount_form;
using debugfs::cancellations_lock;
using debugfs::debugfs_options;
using debugfs::drain_form;
using debugfs::fsdata_init;

// ---- debugfs

static constexpr debugfs_options kBase = {.drain = drain_form::WAIT_ONCE,
                                          .automount = automount_form::FUNCTION_POINTER};
static constexpr debugfs_options kAnnotated = {
    .drain = drain_form::WAIT_ONCE, .init = fsdata_init::AFTER_CMPXCHG, .annotates = true};
static constexpr debugfs_options kRfc = {.drain = drain_form::INVERTED,
                                         .lock = cancellations_lock::SPINLOCK,
                                         .init = fsdata_init::AFTER_CMPXCHG,
                                         .annotates = true};
static constexpr debugfs_options kRfcTestCorrected = {
    .lock = cancellations_lock::SPINLOCK, .init = fsdata_init::AFTER_CMPXCHG, .annotates = true};
static constexpr debugfs_options kMerged = {
    .drain = drain_form::INVERTED, .init = fsdata_init::AFTER_CMPXCHG, .annotates = true};
static constexpr debugfs_options kReleased = {.drain = drain_form::INVERTED};
static constexpr debugfs_options kLateInitPlain = {.init = fsdata_init::AFTER_CMPXCHG};
static constexpr debugfs_options kFixedAnnotated = {.annotates = true};
static constexpr debugfs_options kLateInit = {.init = fsdata_init::AFTER_CMPXCHG,
                                              .annotates = true};

// ---- Both

static constexpr wifi_options with_handlers(const debugfs_options& debugfs, handler_form form) {
  return {.debugfs = debugfs, .netdev_files = form, .link_files = form, .agg_status = form};
}

static constexpr handler_form kTakes = handler_form::TAKES_MUTEX;
static constexpr handler_form kTries = handler_form::TRIES_MUTEX;

static constexpr wifi_options with_removal(wifi_options options, removal_form form) {
  options.removal = form;
  return options;
}

static constexpr wifi_options without_lockdep(wifi_options options) {
  options.has_lockdep = false;
  return options;
}

static constexpr wifi_options kFilesBefore = with_removal({}, removal_form::FILES_BEFORE_IT);

static constexpr named_variant kVariants[] = {
    {"G0", with_handlers(kBase, kTakes), "handlers take wiphy->mtx, removal waits for them"},
    {"G0L", with_handlers(kAnnotated, kTakes), "G0 with handlers annotated for lockdep"},
    {"G1",
     {.debugfs = kRfc},
     "the RFC: cancellations, under a spinlock, and with the test inverted"},
    {"G1t", {.debugfs = kRfcTestCorrected}, "the RFC with the test corrected"},
    {"G2", {.debugfs = kMerged}, "as merged: a mutex held during cancel(), the test inverted"},
    {"G3", {.debugfs = kReleased}, "6.7: without the annotation, initialised before publication"},
    {"G4", {}, "with the test corrected (952c3fce297f)"},
    {"G4o", {.debugfs = kLateInit}, "G2 with the test corrected, initialised late"},
    {"G4o-plain", {.debugfs = kLateInitPlain}, "G4o without the annotation"},
    {"G4n", without_lockdep(kFilesBefore), "G4, but files are removed without wiphy->mtx"},
    {"G4n-lockdep", kFilesBefore, "G4n on a kernel that checks lockdep_assert_held"},
    {"G4-half",
     {.netdev_files = kTakes, .link_files = kTakes},
     "the middle of the series: only agg_status is converted"},
    {"G4-half-annotated",
     {.debugfs = kFixedAnnotated, .netdev_files = kTakes, .link_files = kTakes},
     "the same, annotated"},
    {"GE", with_removal(with_handlers(kBase, kTakes), removal_form::DROPS_MUTEX),
     "rejected: wiphy->mtx is dropped to remove the files"},
    {"GE-claim", with_removal(with_handlers(kBase, kTakes), removal_form::CLAIMS_AND_DROPS),
     "GE, but the interface is claimed before"},
    {"Gtry", with_handlers(kBase, kTries), "rejected: handlers try wiphy->mtx"},
    {"A0",
     {.debugfs = {.automount = automount_form::FUNCTION_POINTER}},
     "an automount's d_fsdata is its callback"},
    {"A1", {}, "an automount's d_fsdata is a debugfs_fsdata (0ed04a1847a1)"},
};

std::span<const named_variant> named_variants() {
  return kVariants;
}

const wifi_options& variant(std::string_view id) {
  for (const named_variant& named : kVariants) {
    if (named.id == id) return named.options;
  }
  HEDDLE_CHECK(false) << "there is no variant " << id;
  return kVariants[0].options;
}

}  // namespace models::wifi
