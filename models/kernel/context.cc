// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/context.h"

#include <algorithm>
#include <cstring>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/detect/lock_order.h"
#include "models/kernel/finding.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/task_context.h"

namespace models::kernel {

using heddle::FailureKind;
using heddle::SourceLocation;

namespace {

constexpr const char* PREEMPTION_OFF = "code with preemption off";
constexpr const char* BOTTOM_HALVES_OFF = "code with bottom halves off";
constexpr const char* INTERRUPTS_OFF = "code with interrupts off";

struct context_world {
  std::vector<internal::task_context> contexts;  // By task.

  void reset() {
    for (internal::task_context& context : contexts) {
      context.held.clear();
      context.atomic_sections = 0;
    }
  }
};

per_execution<context_world> world;

bool forbids_to_sleep(lock_kind kind) {
  return kind == lock_kind::kSpinning || kind == lock_kind::kRcu || kind == lock_kind::kContext ||
         kind == lock_kind::kInterrupt;
}

bool is_context(const held_lock& lock, const char* what) {
  return lock.what != nullptr && std::strcmp(lock.what, what) == 0;
}

const held_lock* find_context(const char* what) {
  for (const held_lock& lock : internal::current_context().held) {
    if (is_context(lock, what)) return &lock;
  }
  return nullptr;
}

void push_context(const char* what, lock_kind kind, SourceLocation where) {
  internal::push_held({.kind = kind, .what = what, .where = where});
}

void pop_context_or_fail(const char* what, const char* call, SourceLocation where) {
  if (internal::pop_context(what)) return;
  internal::fail(FailureKind::kMisuse, heddle::kExecutionObject, {call, " without its counterpart"},
                 where);
}

// Names the innermost thing that forbids to sleep.
[[noreturn]] void fail_atomic(const held_lock& lock, SourceLocation where) {
  if (lock.what != nullptr) {
    internal::fail(FailureKind::kAtomicSleep, lock.object,
                   {where.function, " sleeps in ", lock.what}, where);
  }
  const heddle::Object& object = heddle::Execution::Current().object(lock.object);
  internal::fail(
      FailureKind::kAtomicSleep, lock.object,
      {where.function, " sleeps while it holds the ", object.type->noun, " ", object.name}, where);
}

template <class Predicate>
void require_sleepable(const Predicate& counts, SourceLocation where) {
  const internal::task_context& context = internal::current_context();
  if (context.atomic_sections == 0) [[likely]]
    return;
  const auto innermost = std::find_if(
      context.held.rbegin(), context.held.rend(),
      [&](const held_lock& lock) { return forbids_to_sleep(lock.kind) && counts(lock.kind); });
  if (innermost != context.held.rend()) fail_atomic(*innermost, where);
}

}  // namespace

// ---- What tasks hold

namespace internal {

task_context& current_context() {
  std::vector<task_context>& contexts = world->contexts;
  const size_t index = heddle::Execution::Current().running().id.value;
  if (index >= contexts.size()) [[unlikely]] {
    const heddle::internal::RuntimeScope scope;
    contexts.resize(index + 1);
  }
  return contexts[index];
}

void push_held(const held_lock& lock) {
  task_context& context = current_context();
  const heddle::internal::RuntimeScope scope;
  context.held.push_back(lock);
  context.atomic_sections += forbids_to_sleep(lock.kind) ? 1 : 0;
}

template <class Predicate>
static bool pop_last(const Predicate& matches) {
  task_context& context = current_context();
  for (size_t i = context.held.size(); i > 0; --i) {
    const held_lock& lock = context.held[i - 1];
    if (!matches(lock)) continue;
    context.atomic_sections -= forbids_to_sleep(lock.kind) ? 1 : 0;
    context.held.erase(context.held.begin() + static_cast<std::ptrdiff_t>(i - 1));
    return true;
  }
  return false;
}

bool pop_held(heddle::ObjectId object, lock_kind kind) {
  heddle::LockOrder::Instance().OnRelease(heddle::Execution::Current(), object);
  return pop_last(
      [&](const held_lock& lock) { return lock.object == object && lock.kind == kind; });
}

bool pop_context(const char* what) {
  return pop_last([&](const held_lock& lock) { return is_context(lock, what); });
}

const held_lock* find_held(heddle::ObjectId object) {
  const std::vector<held_lock>& held = current_context().held;
  const auto found = std::find_if(held.rbegin(), held.rend(),
                                  [&](const held_lock& lock) { return lock.object == object; });
  return found == held.rend() ? nullptr : &*found;
}

void enter_atomic(const char* what, SourceLocation where) {
  push_context(what, lock_kind::kInterrupt, where);
}

void leave_atomic(const char* what, SourceLocation where) {
  pop_context_or_fail(what, "leave_atomic", where);
}

void might_sleep_in_rcu(SourceLocation where) {
  require_sleepable([](lock_kind kind) { return kind != lock_kind::kRcu; }, where);
}

}  // namespace internal

// ---- Sleeping

void might_sleep(SourceLocation where) {
  require_sleepable([](lock_kind) { return true; }, where);
}

bool in_atomic() {
  return internal::current_context().atomic_sections != 0;
}

bool in_interrupt() {
  const std::vector<held_lock>& held = internal::current_context().held;
  return std::any_of(held.begin(), held.end(),
                     [](const held_lock& lock) { return lock.kind == lock_kind::kInterrupt; });
}

bool irqs_disabled() {
  return find_context(INTERRUPTS_OFF) != nullptr;
}

void preempt_disable(SourceLocation where) {
  push_context(PREEMPTION_OFF, lock_kind::kContext, where);
}

void preempt_enable(SourceLocation where) {
  pop_context_or_fail(PREEMPTION_OFF, "preempt_enable", where);
}

void local_bh_disable(SourceLocation where) {
  push_context(BOTTOM_HALVES_OFF, lock_kind::kContext, where);
}

void local_bh_enable(SourceLocation where) {
  pop_context_or_fail(BOTTOM_HALVES_OFF, "local_bh_enable", where);
}

void local_irq_disable(SourceLocation where) {
  if (!irqs_disabled()) push_context(INTERRUPTS_OFF, lock_kind::kContext, where);
}

void local_irq_enable(SourceLocation where) {
  pop_context_or_fail(INTERRUPTS_OFF, "local_irq_enable", where);
}

unsigned long __local_irq_save(SourceLocation where) {
  const bool were_on = !irqs_disabled();
  local_irq_disable(where);
  return were_on ? 1 : 0;
}

void local_irq_restore(unsigned long flags, SourceLocation where) {
  if (flags != 0) pop_context_or_fail(INTERRUPTS_OFF, "local_irq_restore", where);
}

}  // namespace models::kernel
