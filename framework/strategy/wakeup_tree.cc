// SPDX-License-Identifier: MIT

#include "heddle/strategy/wakeup_tree.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace heddle {

bool AreDependent(std::span<const StepAccess> a, std::span<const StepAccess> b) {
  for (const StepAccess& left : a) {
    for (const StepAccess& right : b) {
      if (left.IsDependentOn(right)) return true;
    }
  }
  return false;
}

WakeupTree WakeupTree::TakeFirst() {
  WakeupTree rest;
  rest.children_ = std::move(children_.front()->children);
  children_.erase(children_.begin());
  return rest;
}

namespace {

// What is left of a sequence while it is led down the tree.
class Remainder {
 public:
  explicit Remainder(const WakeupTree::Sequence& sequence) : sequence_(sequence) {
    for (uint32_t i = 0; i < sequence.steps.size(); ++i) left_.push_back(i);
  }

  // Returns the first step of `task` that is left, or nothing.
  std::optional<uint32_t> FirstOf(TaskId task) const {
    for (const uint32_t i : left_) {
      if (sequence_.steps[i].task == task) return i;
    }
    return std::nullopt;
  }

  // Returns whether nothing that is left is before `step`.
  bool IsInitial(uint32_t step) const {
    const std::vector<uint32_t>& before = sequence_.before[step];
    return std::none_of(left_.begin(), left_.end(), [&](uint32_t i) {
      return i < step && std::binary_search(before.begin(), before.end(), i);
    });
  }

  bool IsIndependentOf(const WakeupStep& other) const {
    return std::none_of(left_.begin(), left_.end(), [&](uint32_t i) {
      return AreDependent(sequence_.steps[i].accesses, other.accesses);
    });
  }

  void Remove(uint32_t step) { left_.erase(std::find(left_.begin(), left_.end(), step)); }

  // Makes a branch of what is left; the first step is its top.
  std::unique_ptr<WakeupTree::Node> ToBranch() const {
    std::unique_ptr<WakeupTree::Node> below;
    for (size_t i = left_.size(); i > 0; --i) {
      auto node = std::make_unique<WakeupTree::Node>();
      node->step = sequence_.steps[left_[i - 1]];
      if (below) node->children.push_back(std::move(below));
      below = std::move(node);
    }
    return below;
  }

  bool empty() const { return left_.empty(); }

 private:
  const WakeupTree::Sequence& sequence_;
  std::vector<uint32_t> left_;
};

}  // namespace

// Leads the sequence down along steps that it could begin with, or that do not concern it, and adds
// what is left where no child goes on. A path that ends, or a step that would take other values, is
// explored in full anyway.
void WakeupTree::Insert(const Sequence& sequence) {
  Remainder rest(sequence);
  Children* children = &children_;
  bool at_root = true;
  while (true) {
    if (children->empty() && !at_root) return;
    Node* next = nullptr;
    for (const std::unique_ptr<Node>& child : *children) {
      const std::optional<uint32_t> own = rest.FirstOf(child->step.task);
      if (own) {
        if (!rest.IsInitial(*own)) continue;
        if (sequence.steps[*own].values != child->step.values) return;
        rest.Remove(*own);
        next = child.get();
      } else if (rest.IsIndependentOf(child->step)) {
        next = child.get();
      }
      if (next != nullptr) break;
    }
    if (next == nullptr) {
      if (!rest.empty()) children->push_back(rest.ToBranch());
      return;
    }
    children = &next->children;
    at_root = false;
  }
}

}  // namespace heddle
