// SPDX-License-Identifier: MIT

#include "heddle/strategy/wakeup_tree.h"

#include <algorithm>
#include <iterator>
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

// Returns whether a step could take both values. Of a step that was not taken none are known.
static bool Agree(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  const size_t count = std::min(a.size(), b.size());
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(count), b.begin());
}

std::vector<WakeupTree::Branch> WakeupTree::TakeFirst() {
  const TaskId task = First().step.task;
  std::vector<Branch> taken;
  for (std::unique_ptr<Node>& child : children_) {
    if (child->step.task != task) continue;
    const auto agrees = [&](const Branch& branch) {
      return Agree(branch.step.values, child->step.values);
    };
    auto branch = std::find_if(taken.begin(), taken.end(), agrees);
    if (branch == taken.end()) {
      branch = taken.insert(taken.end(), {.step = child->step, .rest = {}});
    } else if (branch->step.values.size() < child->step.values.size()) {
      branch->step.values = child->step.values;
    }
    std::ranges::move(child->children, std::back_inserter(branch->rest.children_));
    child.reset();
  }
  std::erase(children_, nullptr);
  return taken;
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

void WakeupTree::InsertFirst(const WakeupStep& step) {
  const auto is_known = [&](const std::unique_ptr<Node>& child) {
    return child->step.task == step.task;
  };
  if (std::any_of(children_.begin(), children_.end(), is_known)) return;
  children_.push_back(std::make_unique<Node>());
  children_.back()->step = step;
  children_.back()->covers_nothing = true;
}

// Returns whether a step may turn out to be impossible where it is planned; then nothing that comes
// after it is explored either.
static bool MayBlock(const WakeupStep& step) {
  return std::any_of(step.accesses.begin(), step.accesses.end(),
                     [](const StepAccess& access) { return access.blocking == Blocking::kMaybe; });
}

// Leads the sequence down along steps that it could begin with, or that do not concern it, and adds
// what is left where no child goes on. Where a path ends, all that follows is explored anyway.
void WakeupTree::Insert(const Sequence& sequence) {
  Remainder rest(sequence);
  Children* children = &children_;
  bool at_root = true;
  while (true) {
    if (children->empty() && !at_root) return;
    Node* next = nullptr;
    for (const std::unique_ptr<Node>& child : *children) {
      if (child->covers_nothing) continue;
      const std::optional<uint32_t> own = rest.FirstOf(child->step.task);
      if (own) {
        if (!rest.IsInitial(*own)) continue;
        if (!Agree(sequence.steps[*own].values, child->step.values)) continue;
        rest.Remove(*own);
        next = child.get();
      } else if (!MayBlock(child->step) && rest.IsIndependentOf(child->step)) {
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
