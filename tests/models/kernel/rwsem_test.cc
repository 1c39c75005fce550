// SPDX-License-Identifier: MIT
//
// The rules of rw_semaphore: who may be inside together, who waits for whom, and what is found out.
// All executions of small programs within the given bounds.

#include "models/kernel/rwsem.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "models/kernel/mutex.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct inode {
  rw_semaphore i_rwsem;
  mutex lock;
};

TEST_CASE("readers are inside together, a writer is alone") {
  Seen readers_inside;
  ExecutionsOf({.preemptions = 3}, [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    unsigned readers = 0;
    unsigned writers = 0;
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("reader", [&] {
        down_read(&node.i_rwsem);
        readers_inside.Add(++readers);
        HEDDLE_ENSURE(writers == 0);
        execution.Yield();
        --readers;
        up_read(&node.i_rwsem);
      });
      execution.Spawn("writer", [&] {
        down_write(&node.i_rwsem);
        ++writers;
        HEDDLE_ENSURE(writers == 1 && readers == 0);
        execution.Yield();
        --writers;
        up_write(&node.i_rwsem);
      });
    }
    execution.JoinAll();
  });
  CHECK(readers_inside == Seen::Of(1, 2));
}

// The body reads; a writer comes; a second reader comes after it.
TEST_CASE("a writer that waits holds up readers that come later") {
  Seen order;
  const auto body = [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    bool writer_waits = false;
    bool has_written = false;
    down_read(&node.i_rwsem);
    execution.Spawn("writer", [&] {
      writer_waits = true;
      down_write(&node.i_rwsem);
      has_written = true;
      up_write(&node.i_rwsem);
    });
    execution.Yield();
    execution.Yield();
    const bool is_queued =
        execution.IsWaitedOn(heddle::ObjectId{node.i_rwsem.dep_map.handle.ref.id});
    execution.Spawn("late reader", [&, is_queued] {
      down_read(&node.i_rwsem);
      if (is_queued) order.Add(has_written ? 1 : 0);
      up_read(&node.i_rwsem);
    });
    up_read(&node.i_rwsem);
    execution.JoinAll();
  };
  ExecutionsOf({}, body);
  CHECK(order == Seen::Of(1));
}

TEST_CASE("readers that waited before the writer may go before it, and after it") {
  Seen order;
  ExecutionsOf({}, [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    bool reader_came_first = false;
    bool has_written = false;
    down_write(&node.i_rwsem);
    const heddle::ObjectId id{node.i_rwsem.dep_map.handle.ref.id};
    execution.Spawn("reader", [&] {
      down_read(&node.i_rwsem);
      if (reader_came_first) order.Add(has_written ? 1 : 0);
      up_read(&node.i_rwsem);
    });
    execution.Yield();
    reader_came_first = execution.IsWaitedOn(id);
    execution.Spawn("writer", [&] {
      down_write(&node.i_rwsem);
      has_written = true;
      up_write(&node.i_rwsem);
    });
    up_write(&node.i_rwsem);
    execution.JoinAll();
  });
  CHECK(order == Seen::Of(0, 1));
}

TEST_CASE("reading twice with a writer between the two is a deadlock of both") {
  const auto body = [](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    execution.Spawn("reader", [&] {
      down_read(&node.i_rwsem);
      down_read(&node.i_rwsem);
      up_read(&node.i_rwsem);
      up_read(&node.i_rwsem);
    });
    execution.Spawn("writer", [&] {
      down_write(&node.i_rwsem);
      up_write(&node.i_rwsem);
    });
    execution.JoinAll();
  };
  ExecutionsOf({.preemptions = 0}, body);
  const Failure failure = FailureOf({.preemptions = 1}, body);
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK(ObjectsOf(failure) == "node.i_rwsem");
  CHECK(failure.cycle_size == 2);
  CHECK(failure.tasks == std::vector<std::string>{"reader", "writer"});
}

TEST_CASE("a writer inside that enters again, or a reader that wants to write, waits for itself") {
  CHECK(FailureOf({}, [](Execution&) {
          inode node{};
          init_rwsem(&node.i_rwsem);
          down_write(&node.i_rwsem);
          down_read(&node.i_rwsem);
        }).kind == FailureKind::kRecursiveDeadlock);
  CHECK(FailureOf({}, [](Execution&) {
          inode node{};
          init_rwsem(&node.i_rwsem);
          down_read(&node.i_rwsem);
          down_write_nested(&node.i_rwsem, SINGLE_DEPTH_NESTING);
        }).kind == FailureKind::kRecursiveDeadlock);
}

TEST_CASE("a cycle goes through the readers that a writer waits for") {
  const Failure failure = FailureOf({.preemptions = 2}, [](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    mutex_init(&node.lock);
    execution.Spawn("reader", [&] {
      down_read(&node.i_rwsem);
      mutex_lock(&node.lock);
      mutex_unlock(&node.lock);
      up_read(&node.i_rwsem);
    });
    execution.Spawn("writer", [&] {
      mutex_lock(&node.lock);
      down_write(&node.i_rwsem);
      up_write(&node.i_rwsem);
      mutex_unlock(&node.lock);
    });
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kDeadlock);
  CHECK(ObjectsOf(failure) == "node.i_rwsem, node.lock");
}

TEST_CASE("a downgraded writer is a reader before any other writer gets in") {
  Seen together;
  ExecutionsOf({}, [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    bool is_stable = false;
    execution.Spawn("writer", [&] {
      down_write(&node.i_rwsem);
      HEDDLE_ENSURE(!is_stable);
      up_write(&node.i_rwsem);
    });
    execution.Spawn("reader", [&] {
      down_read(&node.i_rwsem);
      together.Add(is_stable ? 1 : 0);
      up_read(&node.i_rwsem);
    });
    down_write(&node.i_rwsem);
    is_stable = true;
    downgrade_write(&node.i_rwsem);
    execution.Yield();
    is_stable = false;
    up_read(&node.i_rwsem);
    execution.JoinAll();
  });
  CHECK(together == Seen::Of(0, 1));
}

TEST_CASE("what a writer did happens before readers; readers are not ordered") {
  Seen readers_ordered;
  ExecutionsOf({}, [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    Past written;
    Past read;
    execution.Spawn("writer", [&] {
      down_write(&node.i_rwsem);
      HEDDLE_ENSURE(read.task == heddle::kNoTask || read.HappensBeforeRunningTask());
      written = Past::OfRunningTask();
      up_write(&node.i_rwsem);
    });
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("reader", [&] {
        down_read(&node.i_rwsem);
        HEDDLE_ENSURE(written.task == heddle::kNoTask || written.HappensBeforeRunningTask());
        const bool is_last = read.task != heddle::kNoTask;
        // A writer between the two does order them.
        if (is_last && written.task == heddle::kNoTask) {
          readers_ordered.Add(read.HappensBeforeRunningTask() ? 1 : 0);
        }
        read = Past::OfRunningTask();
        up_read(&node.i_rwsem);
      });
    }
    execution.JoinAll();
  });
  CHECK(readers_ordered == Seen::Of(0));
}

TEST_CASE("a trylock gets in only if nobody is in the way and nobody waits") {
  Seen results;
  ExecutionsOf({}, [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    HEDDLE_ENSURE(down_read_trylock(&node.i_rwsem) == 1);
    HEDDLE_ENSURE(down_write_trylock(&node.i_rwsem) == 0);
    const heddle::ObjectId id{node.i_rwsem.dep_map.handle.ref.id};
    execution.Spawn("writer", [&] {
      down_write(&node.i_rwsem);
      up_write(&node.i_rwsem);
    });
    const int got = down_read_trylock(&node.i_rwsem);
    HEDDLE_ENSURE((got == 0) == execution.IsWaitedOn(id));
    results.Add(static_cast<unsigned>(got));
    if (got == 1) up_read(&node.i_rwsem);
    up_read(&node.i_rwsem);
    execution.JoinAll();
    HEDDLE_ENSURE(down_write_trylock(&node.i_rwsem) == 1);
    HEDDLE_ENSURE(down_read_trylock(&node.i_rwsem) == 0);
    up_write(&node.i_rwsem);
  });
  CHECK(results == Seen::Of(0, 1));
}

TEST_CASE("a signal ends a killable wait, and the readers behind that writer go on") {
  Seen results;
  ExecutionsOf({.preemptions = 2, .faults = 1}, [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    down_read(&node.i_rwsem);
    execution.Spawn("writer", [&] {
      const int error = down_write_killable(&node.i_rwsem);
      results.Add(static_cast<unsigned>(-error));
      if (error == 0) up_write(&node.i_rwsem);
    });
    execution.Spawn("reader", [&] {
      const int error = down_read_interruptible(&node.i_rwsem);
      results.Add(error == 0 ? 0 : 40 + static_cast<unsigned>(-error));
      if (error == 0) up_read(&node.i_rwsem);
    });
    execution.Yield();
    up_read(&node.i_rwsem);
    execution.JoinAll();
  });
  CHECK(results == Seen::Of(0, EINTR, 40 + EINTR));
}

// The body stays inside until the reader has got in, which it can only once the writer has given
// up.
TEST_CASE("a reader waits no longer for a writer that gave up") {
  Seen results;
  ExecutionsOf({.preemptions = 1, .faults = 1}, [&](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    down_read(&node.i_rwsem);
    bool has_read = false;
    execution.Spawn("writer", [&] {
      const int error = down_write_killable(&node.i_rwsem);
      if (error == 0) up_write(&node.i_rwsem);
      results.Add(error == 0 ? 0 : has_read ? 1 : 2);
    });
    const heddle::TaskId reader = execution.Spawn("reader", [&] {
      execution.Yield();
      down_read(&node.i_rwsem);
      has_read = true;
      up_read(&node.i_rwsem);
    });
    execution.Yield();
    execution.Yield();
    if (execution.tasks()[heddle::TaskId{1}].state == heddle::TaskState::kFinished) {
      execution.Join(reader);
    }
    up_read(&node.i_rwsem);
    execution.JoinAll();
    HEDDLE_ENSURE(has_read);
  });
  CHECK(results.Has(2));
}

TEST_CASE("only who is inside leaves, and as what it is") {
  const Failure reader = FailureOf({}, [](Execution&) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    down_read(&node.i_rwsem);
    up_write(&node.i_rwsem);
  });
  CHECK(reader.kind == FailureKind::kMisuse);
  CHECK(reader.title == "up_write by a task that is not inside as a writer");
  const Failure writer = FailureOf({}, [](Execution&) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    down_write(&node.i_rwsem);
    up_read(&node.i_rwsem);
  });
  CHECK(writer.title == "up_read by a task that is not inside as a reader");
  CHECK(ObjectsOf(writer) == "node.i_rwsem");
  CHECK(FailureOf({}, [](Execution&) {
          inode node{};
          init_rwsem(&node.i_rwsem);
          down_read(&node.i_rwsem);
          downgrade_write(&node.i_rwsem);
        }).kind == FailureKind::kMisuse);
}

TEST_CASE("it is locked while somebody is inside") {
  ExecutionsOf({}, [](Execution&) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    HEDDLE_ENSURE(rwsem_is_locked(&node.i_rwsem) == 0);
    down_read(&node.i_rwsem);
    HEDDLE_ENSURE(rwsem_is_locked(&node.i_rwsem) == 1);
    up_read(&node.i_rwsem);
    down_write(&node.i_rwsem);
    HEDDLE_ENSURE(rwsem_is_locked(&node.i_rwsem) == 1);
    up_write(&node.i_rwsem);
    HEDDLE_ENSURE(rwsem_is_locked(&node.i_rwsem) == 0);
  });
}

TEST_CASE("a free semaphore costs one scheduling point") {
  const auto body = [](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    for (int i = 0; i < 2; ++i) {
      execution.Spawn("writer", [&] {
        down_write(&node.i_rwsem);
        up_write(&node.i_rwsem);
      });
    }
    execution.JoinAll();
  };
  CHECK(ExecutionsOf({}, body) == 2);
}

TEST_CASE("entering sleeps, even if the semaphore is free; trying does not") {
  const Failure failure = FailureOf({}, [](Execution&) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    preempt_disable();
    HEDDLE_ENSURE(down_read_trylock(&node.i_rwsem) == 1);
    down_read(&node.i_rwsem);
  });
  CHECK(failure.kind == FailureKind::kAtomicSleep);
}

TEST_CASE("a semaphore that is waited for in memory that is freed is used after the free") {
  const Failure failure = FailureOf({.preemptions = 1}, [](Execution& execution) {
    inode node{};
    init_rwsem(&node.i_rwsem);
    down_write(&node.i_rwsem);
    execution.Spawn("reader", [&] { down_read(&node.i_rwsem); });
    execution.Yield();
    execution.ForgetObjects(&node, sizeof(node));
    execution.JoinAll();
  });
  CHECK(failure.kind == FailureKind::kUseAfterFree);
  CHECK(ObjectsOf(failure) == "node.i_rwsem");
}

TEST_CASE("a static semaphore needs no initialiser; another one does") {
  static DECLARE_RWSEM(namespace_sem);
  ExecutionsOf({}, [](Execution&) {
    down_read(&namespace_sem);
    up_read(&namespace_sem);
  });
  CHECK(FailureOf({}, [](Execution&) {
          inode node{};
          down_read(&node.i_rwsem);
        }).kind == FailureKind::kMisuse);
}

}  // namespace
}  // namespace models::kernel
