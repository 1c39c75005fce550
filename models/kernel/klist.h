// SPDX-License-Identifier: GPL-2.0-only
//
// klist: a list that may be changed while others walk along it.
//
// Each node has a reference count: its membership is one reference, each iterator that stands at it
// another. An iterator holds no lock between two steps, only its node: the node stays, whatever
// happens around it. A node that was deleted is dead: iterators pass it by, and it leaves the list
// with its last reference.
//
// The get and put callbacks of the list run outside its lock: get when a node is added, put when
// its last reference is gone.
//
// INVARIANT: a node is linked as long as it has references.

#pragma once

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "models/kernel/completion.h"
#include "models/kernel/list.h"
#include "models/kernel/object_name.h"
#include "models/kernel/spinlock.h"
#include "models/kernel/types.h"

namespace models::kernel {

struct klist_node;

struct klist {
  spinlock_t k_lock;
  list_head k_list;
  void (*get)(klist_node* node);
  void (*put)(klist_node* node);
};

struct klist_node {
  klist* n_klist;  // Null before the node was added and after it left.
  list_head n_node;
  u32 n_ref;
  bool is_dead;
  list_head iterators;  // Those that stand here.
  list_head removers;   // Those that wait for it to leave.
};

struct klist_iter {
  klist* i_klist;
  klist_node* i_cur;
  heddle::TaskId task;
  list_head at_node;  // Among i_cur's iterators.
};

// klist_init(&bus->p->klist_devices, get, put): its lock is called "bus->p->klist_devices.k_lock".
#define klist_init(k, get, put) \
  ::models::kernel::__klist_init(k, get, put, ::models::kernel::object_name(#k ".k_lock"))

void __klist_init(klist* k, void (*get)(klist_node*), void (*put)(klist_node*), const char* name);

// ---- Nodes

// Adds `n` at the end, the front, or behind or before `pos`.
//
// Scheduling point: before the list's lock. Blocks: as spin_lock.
void klist_add_tail(klist_node* n, klist* k,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());
void klist_add_head(klist_node* n, klist* k,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());
void klist_add_behind(klist_node* n, klist_node* pos,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());
void klist_add_before(klist_node* n, klist_node* pos,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// Marks `n` dead and drops its membership; it may still be linked. A second time is a warning.
//
// Scheduling point: before the list's lock. Blocks: as spin_lock.
void klist_del(klist_node* n, heddle::SourceLocation where = heddle::SourceLocation::Here());

// klist_remove(&dev->p->knode_driver): as klist_del, and waits until the node has left the list.
// Sleeps.
//
// Scheduling point: also before the wait.
// Blocks:           until every iterator has gone on; they are the owners of the wait.
// Fails:            kRecursiveDeadlock while the running task's own iterator stands there.
#define klist_remove(n) ::models::kernel::__klist_remove(n, ::models::kernel::object_name(#n))

void __klist_remove(klist_node* n, const char* name,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether `n` is linked. Takes no lock.
bool klist_node_attached(const klist_node* n);

// ---- Walking

// Begins a walk at the first node, or behind `n`.
void klist_iter_init(klist* k, klist_iter* i);
void klist_iter_init_node(klist* k, klist_iter* i, klist_node* n,
                          heddle::SourceLocation where = heddle::SourceLocation::Here());

// Ends a walk and lets go of its node.
void klist_iter_exit(klist_iter* i, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Goes on to the next node that is not dead, or to the one before, and lets go of the last one.
// Returns it, or null at the end.
//
// Scheduling point: before the list's lock. Blocks: as spin_lock.
klist_node* klist_next(klist_iter* i,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());
klist_node* klist_prev(klist_iter* i,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
