// SPDX-License-Identifier: MIT
//
// SchedulingLocations: what has become a scheduling point because an execution showed that it
// matters.
//
// Two kinds: plain memory that tasks access without ordering (a location found racy), and the
// release of a lock that somebody observed without blocking on it. The set is empty at first. A
// search that learns a new location starts over with it, and counts as exhausted only in a round
// that learnt none.
//
// Locations are identified by names that are the same in every execution and build: object
// (allocation name or lock name), occurrence among the objects of that name, offset, size. Never by
// address or program counter. Text: "hci_conn#1+8.6", "release conn->lock#1".

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

class SchedulingLocations {
 public:
  // Begins a round with the locations learnt so far, or given by a schedule.
  void Add(std::string location) {
    known_.insert(std::move(location));
    version_ = NextVersion();
  }

  bool empty() const { return known_.empty(); }
  bool Has(std::string_view location) const { return known_.find(location) != known_.end(); }
  const std::set<std::string, std::less<>>& known() const { return known_; }

  // Notes a location that the running execution showed to matter. Returns whether it is new.
  bool Learn(std::string location) {
    if (Has(location)) return false;
    return learnt_.insert(std::move(location)).second;
  }
  bool has_learnt() const { return !learnt_.empty(); }

  // Makes what was learnt known, for the next round.
  void Adopt() {
    known_.merge(learnt_);
    learnt_.clear();
    version_ = NextVersion();
  }

  // Differs between any two sets of known locations of a process that may differ; 0 is an empty
  // set's.
  uint64_t version() const { return version_; }

 private:
  static uint64_t NextVersion() {
    static uint64_t version = 0;
    return ++version;
  }

  uint64_t version_ = 0;
  std::set<std::string, std::less<>> known_;
  std::set<std::string, std::less<>> learnt_;
};

}  // namespace heddle
