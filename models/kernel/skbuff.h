// SPDX-License-Identifier: GPL-2.0-only
//
// Socket buffers and queues of them.
//
// A buffer is a header and its data; clones share the data. Both are freed with their last user. A
// queue has a lock of its own, so each operation on a queue is one step: its scheduling point
// stands before the lock. The functions with two underscores leave the lock to the caller and have
// no scheduling point.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/object_name.h"
#include "models/kernel/refcount.h"
#include "models/kernel/slab.h"
#include "models/kernel/spinlock.h"
#include "models/kernel/types.h"

namespace models::kernel {

struct skb_data;  // What clones share.

struct sk_buff {
  sk_buff* next;  // In a queue; null outside.
  sk_buff* prev;
  unsigned char* head;  // First byte of the buffer; headroom is before `data`.
  unsigned char* data;
  unsigned int len;  // Bytes from `data` on.
  unsigned char* end;
  refcount_t users;
  skb_data* shared;
  bool cloned;             // Another header points at the data, or did.
  alignas(8) char cb[48];  // For the owner of the buffer.
};

struct sk_buff_head {
  sk_buff* next;  // First, or the head itself, seen as a buffer.
  sk_buff* prev;
  u32 qlen;
  spinlock_t lock;
};

// ---- Buffers

// Returns a buffer with room for `size` bytes and none in use, or null. One allocation that may
// fail.
sk_buff* alloc_skb(unsigned int size, gfp_t flags,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns another header for the data of `skb`, or null. One allocation that may fail.
sk_buff* skb_clone(sk_buff* skb, gfp_t flags,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes a reference to the header.
sk_buff* skb_get(sk_buff* skb, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drops a reference; the last one frees. Null is ignored.
// Scheduling point: before the change, if the buffer has other users or clones.
void kfree_skb(sk_buff* skb, heddle::SourceLocation where = heddle::SourceLocation::Here());
void consume_skb(sk_buff* skb, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Makes room in front. REQUIRES: the buffer is empty.
void skb_reserve(sk_buff* skb, unsigned int len);

// Appends `len` bytes and returns where they begin. More than there is room for is a BUG.
void* skb_put(sk_buff* skb, unsigned int len,
              heddle::SourceLocation where = heddle::SourceLocation::Here());
void* skb_put_data(sk_buff* skb, const void* bytes, unsigned int len,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());

// Puts `len` bytes in front and returns where they begin. More than there is room for is a BUG.
void* skb_push(sk_buff* skb, unsigned int len,
               heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes `len` bytes off the front and returns the new front; null if there are fewer.
void* skb_pull(sk_buff* skb, unsigned int len);

// ---- Queues

// skb_queue_head_init(&conn->pending_rx): the queue's lock is called "conn->pending_rx.lock".
#define skb_queue_head_init(list) \
  ::models::kernel::__skb_queue_head_init(list, ::models::kernel::object_name(#list ".lock"))

void __skb_queue_head_init(sk_buff_head* list, const char* lock_name);

void skb_queue_head(sk_buff_head* list, sk_buff* skb,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());
void skb_queue_tail(sk_buff_head* list, sk_buff* skb,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());
sk_buff* skb_dequeue(sk_buff_head* list,
                     heddle::SourceLocation where = heddle::SourceLocation::Here());
sk_buff* skb_dequeue_tail(sk_buff_head* list,
                          heddle::SourceLocation where = heddle::SourceLocation::Here());
void skb_unlink(sk_buff* skb, sk_buff_head* list,
                heddle::SourceLocation where = heddle::SourceLocation::Here());
// Takes all buffers off and frees them.
void skb_queue_purge(sk_buff_head* list,
                     heddle::SourceLocation where = heddle::SourceLocation::Here());

void __skb_queue_tail(sk_buff_head* list, sk_buff* skb);
sk_buff* __skb_dequeue(sk_buff_head* list);

// The first buffer, which stays in the queue, or null. Takes no lock.
sk_buff* skb_peek(const sk_buff_head* list);

// Take no lock: the answer may be old when it is used.
bool skb_queue_empty(const sk_buff_head* list);
u32 skb_queue_len(const sk_buff_head* list);

#define skb_queue_walk(queue, skb) \
  for ((skb) = (queue)->next; (skb) != reinterpret_cast<const sk_buff*>(queue); (skb) = (skb)->next)

}  // namespace models::kernel
