// SPDX-License-Identifier: MIT

#include "tests/golden/programs.h"

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>

#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"

namespace golden {

using heddle::Atomic;
using heddle::Execution;
using heddle::Mutex;

// ---- Locks

static void Receive(Mutex& conn, Mutex& hdev) {
  conn.Lock();
  hdev.Lock();
  hdev.Unlock();
  conn.Unlock();
}

static void Connect(Mutex& conn, Mutex& hdev) {
  hdev.Lock();
  conn.Lock();
  conn.Unlock();
  hdev.Unlock();
}

void TwoLocks(Execution& execution) {
  Mutex conn{"conn->lock"};
  Mutex hdev{"hdev->lock"};
  execution.Spawn("kworker/hci0-rx", [&] { Receive(conn, hdev); });
  execution.Spawn("bluetoothd", [&] { Connect(conn, hdev); });
  execution.JoinAll();
}

static void Attach(Mutex& device) {
  device.Lock();
  device.Lock();
}

void LockTwice(Execution& execution) {
  Mutex device{"dev->mutex"};
  execution.Spawn("udevd", [&] { Attach(device); });
  execution.JoinAll();
}

static void Dine(Mutex& left, Mutex& right) {
  left.Lock();
  right.Lock();
  right.Unlock();
  left.Unlock();
}

void Philosophers(Execution& execution) {
  std::array<Mutex, 3> forks{Mutex{"fork_a"}, Mutex{"fork_b"}, Mutex{"fork_c"}};
  execution.Spawn("plato", [&] { Dine(forks[0], forks[1]); });
  execution.Spawn("kant", [&] { Dine(forks[1], forks[2]); });
  execution.Spawn("hegel", [&] { Dine(forks[2], forks[0]); });
  execution.JoinAll();
}

static void Probe(Mutex& device) {
  device.Lock();
  Execution::Current().Die();
}

static void Release(Mutex& device) {
  device.Lock();
  device.Unlock();
}

void DeadOwner(Execution& execution) {
  Mutex device{"dev->mutex"};
  execution.Spawn("modprobe", [&] { Probe(device); });
  execution.Spawn("rmmod", [&] { Release(device); });
  execution.JoinAll();
}

static void Leave(Mutex& lock) {
  lock.Lock();
  lock.Unlock();
  lock.Unlock();
}

void UnlockTwice(Execution& execution) {
  Mutex lock{"queue->lock"};
  execution.Spawn("worker", [&] { Leave(lock); });
  execution.JoinAll();
}

// ---- Values

static void Move(Atomic<int>& from, Atomic<int>& to) {
  from.store(from.load() - 10);
  if (Execution::Current().MayFail("bank_write")) return;
  to.store(to.load() + 10);
}

void Transfer(Execution& execution) {
  const auto sum = std::make_shared<int>(100);  // The check looks at it when this function is over.
  execution.AddInvariant({.property = "INV-SUM", .when = heddle::CheckedAt::kEnd, .check = [sum] {
                            std::optional<heddle::Violation> violation;
                            if (*sum != 100) {
                              violation = {
                                  .sentence = "the accounts hold less than they began with",
                                  .objects = {"account_a", "account_b"},
                                  .functions = {"Move"}};
                            }
                            return violation;
                          }});
  Atomic<int> a{50, "account_a"};
  Atomic<int> b{50, "account_b"};
  execution.Spawn("teller", [&] { Move(a, b); });
  execution.JoinAll();
  *sum = a.load() + b.load();
}

static void Count(Atomic<int>& counter) {
  counter.store(counter.load() + 1);
}

void LostUpdate(Execution& execution) {
  Atomic<int> counter{0, "counter"};
  execution.Spawn("left", [&] { Count(counter); });
  execution.Spawn("right", [&] { Count(counter); });
  execution.JoinAll();
  HEDDLE_ENSURE(counter.load() == 2);
}

// ---- No end, or a bad one

static void Spin(Atomic<bool>& flag) {
  while (!flag.load()) {
  }
}

void SpinForEver(Execution& execution) {
  Atomic<bool> flag{false, "ready"};
  execution.Spawn("waiter", [&] { Spin(flag); });
  execution.JoinAll();
}

void Throw(Execution& execution) {
  execution.Spawn("parser", [] { throw std::runtime_error("no such field"); });
  execution.JoinAll();
}

void Forgetful(Execution& /*execution*/) {
  static int runs = 0;
  Mutex first{"first"};
  Mutex second{"second"};
  Release(first);
  if (++runs % 2 == 0) Release(second);
}

}  // namespace golden
