// SPDX-License-Identifier: GPL-2.0-only
//
// Written as the kernel's: everything under the list's lock, callbacks outside. What is added is
// who stands where, for the wait graph.

#include "models/kernel/klist.h"

#include "heddle/core/execution.h"
#include "models/kernel/context.h"
#include "models/kernel/warn.h"

namespace models::kernel {

using heddle::SourceLocation;

namespace {

// Somebody in klist_remove, on its stack.
struct klist_waiter {
  list_head list;
  completion left;
};

void node_init(klist* k, klist_node* n) {
  INIT_LIST_HEAD(&n->n_node);
  INIT_LIST_HEAD(&n->iterators);
  INIT_LIST_HEAD(&n->removers);
  n->n_ref = 1;
  n->is_dead = false;
  n->n_klist = k;
  if (k->get != nullptr) k->get(n);
}

// Drops a reference. Returns whether it was the last one: the node has left; who waits for that is
// moved to `removers`.
bool dec_and_del(klist_node* n, list_head* removers) {
  if (--n->n_ref > 0) return false;
  list_del(&n->n_node);
  n->n_klist = nullptr;
  list_splice_init(&n->removers, removers);
  return true;
}

// Wakes those that wait for `n`; each wait ends with its completion, so that is the last thing done
// to it.
void wake_removers(list_head* removers) {
  klist_waiter* waiter = nullptr;
  klist_waiter* next = nullptr;
  list_for_each_entry_safe(waiter, next, removers, list) {
    list_del(&waiter->list);
    complete(&waiter->left);
  }
}

// Runs what the last reference to `n` leaves to do, without the lock.
void node_left(klist_node* n, void (*put)(klist_node*), list_head* removers) {
  wake_removers(removers);
  if (put != nullptr) put(n);
}

// Drops the membership of `n`. The waiter, if there is one, is told when it has left.
void kill_node(klist_node* n, klist_waiter* waiter, SourceLocation where) {
  klist* k = n->n_klist;
  auto* put = k->put;
  LIST_HEAD(removers);
  spin_lock(&k->k_lock, where);
  __warn_on(n->is_dead, "klist_del of a node that was deleted before", where);
  n->is_dead = true;
  if (waiter != nullptr) list_add_tail(&waiter->list, &n->removers);
  const bool has_left = dec_and_del(n, &removers);
  spin_unlock(&k->k_lock, where);
  if (has_left) node_left(n, put, &removers);
}

void stand_on(klist_iter* i, klist_node* n) {
  ++n->n_ref;
  i->i_cur = n;
  i->task = heddle::Execution::Current().running().id;
  list_add_tail(&i->at_node, &n->iterators);
}

// Who has to go on before a node can leave: those whose iterators stand there.
void add_iterating_tasks(const heddle::Execution& /*execution*/, const void* source,
                         heddle::TaskSet* tasks) {
  const auto* n = static_cast<const klist_node*>(source);
  klist_iter* i = nullptr;
  list_for_each_entry(i, &n->iterators, at_node) tasks->Add(i->task);
}

}  // namespace

void __klist_init(klist* k, void (*get)(klist_node*), void (*put)(klist_node*), const char* name) {
  INIT_LIST_HEAD(&k->k_list);
  __spin_lock_init(&k->k_lock, name, nullptr);
  k->get = get;
  k->put = put;
}

// ---- Nodes

void klist_add_tail(klist_node* n, klist* k, SourceLocation where) {
  node_init(k, n);
  spin_lock(&k->k_lock, where);
  list_add_tail(&n->n_node, &k->k_list);
  spin_unlock(&k->k_lock, where);
}

void klist_add_head(klist_node* n, klist* k, SourceLocation where) {
  node_init(k, n);
  spin_lock(&k->k_lock, where);
  list_add(&n->n_node, &k->k_list);
  spin_unlock(&k->k_lock, where);
}

void klist_add_behind(klist_node* n, klist_node* pos, SourceLocation where) {
  klist* k = pos->n_klist;
  node_init(k, n);
  spin_lock(&k->k_lock, where);
  list_add(&n->n_node, &pos->n_node);
  spin_unlock(&k->k_lock, where);
}

void klist_add_before(klist_node* n, klist_node* pos, SourceLocation where) {
  klist* k = pos->n_klist;
  node_init(k, n);
  spin_lock(&k->k_lock, where);
  list_add_tail(&n->n_node, &pos->n_node);
  spin_unlock(&k->k_lock, where);
}

void klist_del(klist_node* n, SourceLocation where) {
  kill_node(n, nullptr, where);
}

void __klist_remove(klist_node* n, const char* name, SourceLocation where) {
  might_sleep(where);
  klist_waiter waiter;
  __init_completion(&waiter.left, name, where);
  internal::completion_will_be_completed_by(&waiter.left, add_iterating_tasks, n);
  kill_node(n, &waiter, where);
  wait_for_completion(&waiter.left, where);
}

bool klist_node_attached(const klist_node* n) {
  return n->n_klist != nullptr;
}

// ---- Walking

void klist_iter_init(klist* k, klist_iter* i) {
  i->i_klist = k;
  i->i_cur = nullptr;
}

void klist_iter_init_node(klist* k, klist_iter* i, klist_node* n, SourceLocation where) {
  klist_iter_init(k, i);
  if (n == nullptr) return;
  spin_lock(&k->k_lock, where);
  if (n->n_ref > 0) stand_on(i, n);
  spin_unlock(&k->k_lock, where);
}

enum class direction { kForward, kBackward };

static klist_node* neighbour(list_head* at, direction d) {
  return list_entry(d == direction::kForward ? at->next : at->prev, klist_node, n_node);
}

// Lets go of the node that the iterator stands at, and has it stand at the next one, unless `d` is
// null.
static klist_node* step(klist_iter* i, const direction* d, SourceLocation where) {
  klist* k = i->i_klist;
  klist_node* last = i->i_cur;
  LIST_HEAD(removers);
  spin_lock(&k->k_lock, where);
  klist_node* next =
      d == nullptr ? nullptr : neighbour(last == nullptr ? &k->k_list : &last->n_node, *d);
  bool has_left = false;
  if (last != nullptr) {
    list_del(&i->at_node);
    has_left = dec_and_del(last, &removers);
  }
  i->i_cur = nullptr;
  while (next != nullptr && &next->n_node != &k->k_list) {
    if (!next->is_dead) {
      stand_on(i, next);
      break;
    }
    next = neighbour(&next->n_node, *d);
  }
  spin_unlock(&k->k_lock, where);
  if (has_left) node_left(last, k->put, &removers);
  return i->i_cur;
}

klist_node* klist_next(klist_iter* i, SourceLocation where) {
  constexpr direction kNext = direction::kForward;
  return step(i, &kNext, where);
}

klist_node* klist_prev(klist_iter* i, SourceLocation where) {
  constexpr direction kPrevious = direction::kBackward;
  return step(i, &kPrevious, where);
}

void klist_iter_exit(klist_iter* i, SourceLocation where) {
  if (i->i_cur != nullptr) step(i, nullptr, where);
}

}  // namespace models::kernel
