// SPDX-License-Identifier: MIT
//
// kref: the last user runs the release function, and nobody after it gets a reference.

#include "models/kernel/kref.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/list.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct connection {
  kref ref;
  mutex lock;
  int released = 0;
};

void Release(kref* ref) {
  ++container_of(ref, connection, ref)->released;
}

TEST_CASE("the last of several users releases, once") {
  ExecutionsOf({}, [](Execution& execution) {
    connection conn{};
    kref_init(&conn.ref);
    int releasers = 0;
    for (int i = 0; i < 2; ++i) {
      kref_get(&conn.ref);
      execution.Spawn("user", [&] { releasers += kref_put(&conn.ref, Release); });
    }
    releasers += kref_put(&conn.ref, Release);
    execution.JoinAll();
    HEDDLE_ENSURE(conn.released == 1);
    HEDDLE_ENSURE(releasers == 1);
  });
}

TEST_CASE("get_unless_zero fails exactly after the release") {
  Seen got;
  ExecutionsOf({}, [&](Execution& execution) {
    connection conn{};
    kref_init(&conn.ref);
    execution.Spawn("owner", [&] { kref_put(&conn.ref, Release); });
    const int has_reference = kref_get_unless_zero(&conn.ref);
    got.Add(static_cast<unsigned>(has_reference));
    HEDDLE_ENSURE(has_reference == 1 - conn.released);
    if (has_reference == 1) kref_put(&conn.ref, Release);
    execution.JoinAll();
    HEDDLE_ENSURE(conn.released == 1);
  });
  CHECK(got == Seen::Of(0, 1));
}

TEST_CASE("a get without a reference, and a put too many, are warned of by name") {
  const Failure get = FailureOf({}, [](Execution&) {
    connection link{};
    connection* conn = &link;
    kref_init(&conn->ref);
    HEDDLE_ENSURE(kref_read(&conn->ref) == 1);
    kref_put(&conn->ref, Release);
    kref_get(&conn->ref);
  });
  CHECK(get.kind == FailureKind::kMisuse);
  CHECK(ObjectsOf(get) == "conn->ref");
  CHECK(get.title == "refcount_t: addition on 0; use-after-free");
  const Failure put = FailureOf({}, [](Execution&) {
    connection conn{};
    kref_init(&conn.ref);
    kref_put(&conn.ref, Release);
    kref_put(&conn.ref, Release);
  });
  CHECK(put.kind == FailureKind::kMisuse);
  CHECK(put.title == "refcount_t: underflow; use-after-free");
}

TEST_CASE("put_mutex releases with the mutex held") {
  ExecutionsOf({}, [](Execution&) {
    connection conn{};
    kref_init(&conn.ref);
    mutex_init(&conn.lock);
    const auto release = [](kref* ref) {
      connection* released = container_of(ref, connection, ref);
      lockdep_assert_held(&released->lock);
      ++released->released;
      mutex_unlock(&released->lock);
    };
    kref_get(&conn.ref);
    HEDDLE_ENSURE(kref_put_mutex(&conn.ref, release, &conn.lock) == 0);
    lockdep_assert_not_held(&conn.lock);
    HEDDLE_ENSURE(kref_put_mutex(&conn.ref, release, &conn.lock) == 1);
    HEDDLE_ENSURE(conn.released == 1);
  });
}

}  // namespace
}  // namespace models::kernel
