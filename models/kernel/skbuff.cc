// SPDX-License-Identifier: GPL-2.0-only
//
// Plain accesses under the queue's lock, as in the kernel: a buffer that was freed while it is
// queued is found by whoever touches it next.

#include "models/kernel/skbuff.h"

#include "models/kernel/bug.h"
#include "models/kernel/refcount.h"
#include "models/kernel/string.h"

namespace models::kernel {

using heddle::SourceLocation;

struct skb_data {
  refcount_t users;  // Headers that point here.
  unsigned char bytes[];
};

// ---- Buffers

sk_buff* alloc_skb(unsigned int size, gfp_t flags, SourceLocation where) {
  auto* skb = kzalloc_obj<sk_buff>(flags, where);
  if (skb == nullptr) return nullptr;
  // One allocation to the port: the data's shares the fate of the header's.
  void* memory = kmalloc(sizeof(skb_data) + size, flags | __GFP_NOFAIL, "skb_data", where);
  auto* shared = static_cast<skb_data*>(memory);
  refcount_set(&shared->users, 1);
  refcount_set(&skb->users, 1);
  skb->head = shared->bytes;
  skb->data = shared->bytes;
  skb->end = shared->bytes + size;
  skb->shared = shared;
  return skb;
}

sk_buff* skb_clone(sk_buff* skb, gfp_t flags, SourceLocation where) {
  auto* clone = kzalloc_obj<sk_buff>(flags, where);
  if (clone == nullptr) return nullptr;
  refcount_inc(&skb->shared->users, where);
  skb->cloned = true;
  clone->head = skb->head;
  clone->data = skb->data;
  clone->len = skb->len;
  clone->end = skb->end;
  clone->shared = skb->shared;
  clone->cloned = true;
  memcpy(clone->cb, skb->cb, sizeof(skb->cb), where);
  refcount_set(&clone->users, 1);
  return clone;
}

sk_buff* skb_get(sk_buff* skb, SourceLocation where) {
  refcount_inc(&skb->users, where);
  return skb;
}

// Nobody can take a reference from the only user.
static bool drop_user(sk_buff* skb, SourceLocation where) {
  return skb->users.refs.counter == 1 || refcount_dec_and_test(&skb->users, where);
}

void kfree_skb(sk_buff* skb, SourceLocation where) {
  if (skb == nullptr || !drop_user(skb, where)) return;
  skb_data* shared = skb->shared;
  if (!skb->cloned || refcount_dec_and_test(&shared->users, where)) kfree(shared, where);
  kfree(skb, where);
}

void consume_skb(sk_buff* skb, SourceLocation where) {
  kfree_skb(skb, where);
}

static unsigned char* tail_of(const sk_buff* skb) {
  return skb->data + skb->len;
}

void skb_reserve(sk_buff* skb, unsigned int len) {
  skb->data += len;
}

void* skb_put(sk_buff* skb, unsigned int len, SourceLocation where) {
  unsigned char* tail = tail_of(skb);
  if (len > static_cast<size_t>(skb->end - tail))
    __bug("skb_put beyond the end of the buffer", where);
  skb->len += len;
  return tail;
}

void* skb_put_data(sk_buff* skb, const void* bytes, unsigned int len, SourceLocation where) {
  return memcpy(skb_put(skb, len, where), bytes, len, where);
}

void* skb_push(sk_buff* skb, unsigned int len, SourceLocation where) {
  const size_t headroom = static_cast<size_t>(skb->data - skb->head);
  if (len > headroom) __bug("skb_push beyond the start of the buffer", where);
  skb->data -= len;
  skb->len += len;
  return skb->data;
}

void* skb_pull(sk_buff* skb, unsigned int len) {
  if (len > skb->len) return nullptr;
  skb->data += len;
  skb->len -= len;
  return skb->data;
}

// ---- Queues

// The head of a queue begins like a buffer: it is the neighbour of the first and the last one.
static sk_buff* as_buffer(sk_buff_head* list) {
  return reinterpret_cast<sk_buff*>(list);
}

static void insert_between(sk_buff_head* list, sk_buff* skb, sk_buff* prev, sk_buff* next) {
  skb->next = next;
  skb->prev = prev;
  next->prev = skb;
  prev->next = skb;
  ++list->qlen;
}

static void take_off(sk_buff_head* list, sk_buff* skb) {
  --list->qlen;
  sk_buff* next = skb->next;
  sk_buff* prev = skb->prev;
  skb->next = nullptr;
  skb->prev = nullptr;
  next->prev = prev;
  prev->next = next;
}

static sk_buff* take_first(sk_buff_head* list, sk_buff* first) {
  if (first == as_buffer(list)) return nullptr;
  take_off(list, first);
  return first;
}

void __skb_queue_head_init(sk_buff_head* list, const char* lock_name) {
  list->next = as_buffer(list);
  list->prev = as_buffer(list);
  list->qlen = 0;
  __spin_lock_init(&list->lock, lock_name, nullptr);
}

void skb_queue_head(sk_buff_head* list, sk_buff* skb, SourceLocation where) {
  spin_lock(&list->lock, where);
  insert_between(list, skb, as_buffer(list), list->next);
  spin_unlock(&list->lock, where);
}

void skb_queue_tail(sk_buff_head* list, sk_buff* skb, SourceLocation where) {
  spin_lock(&list->lock, where);
  __skb_queue_tail(list, skb);
  spin_unlock(&list->lock, where);
}

sk_buff* skb_dequeue(sk_buff_head* list, SourceLocation where) {
  spin_lock(&list->lock, where);
  sk_buff* skb = __skb_dequeue(list);
  spin_unlock(&list->lock, where);
  return skb;
}

sk_buff* skb_dequeue_tail(sk_buff_head* list, SourceLocation where) {
  spin_lock(&list->lock, where);
  sk_buff* skb = take_first(list, list->prev);
  spin_unlock(&list->lock, where);
  return skb;
}

void skb_unlink(sk_buff* skb, sk_buff_head* list, SourceLocation where) {
  spin_lock(&list->lock, where);
  take_off(list, skb);
  spin_unlock(&list->lock, where);
}

// One step under the lock, as if all buffers were moved to a list of the caller.
void skb_queue_purge(sk_buff_head* list, SourceLocation where) {
  spin_lock(&list->lock, where);
  sk_buff* skb = list->next;
  sk_buff* end = as_buffer(list);
  list->prev->next = nullptr;
  list->next = end;
  list->prev = end;
  list->qlen = 0;
  spin_unlock(&list->lock, where);
  while (skb != nullptr && skb != end) {
    sk_buff* next = skb->next;
    kfree_skb(skb, where);
    skb = next;
  }
}

void __skb_queue_tail(sk_buff_head* list, sk_buff* skb) {
  insert_between(list, skb, list->prev, as_buffer(list));
}

sk_buff* __skb_dequeue(sk_buff_head* list) {
  return take_first(list, list->next);
}

sk_buff* skb_peek(const sk_buff_head* list) {
  return skb_queue_empty(list) ? nullptr : list->next;
}

bool skb_queue_empty(const sk_buff_head* list) {
  return list->next == reinterpret_cast<const sk_buff*>(list);
}

u32 skb_queue_len(const sk_buff_head* list) {
  return list->qlen;
}

}  // namespace models::kernel
