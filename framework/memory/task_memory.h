// SPDX-License-Identifier: MIT
//
// TaskMemory: what tasks do to memory, and what of it is a finding.
//
// Everything that touches memory comes together here: access hooks, allocators, handles and
// primitives say what the running task is about to do; the shadow says whether it may, the race
// detector whether it is ordered. A finding ends the execution, but for races, which wait for its
// end. A touched scheduling location is a scheduling point first.
//
// One per process, reset at the beginning of each execution. All members are called while a task
// runs, with the framework on its stack (RuntimeScope), unless they say otherwise.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/execution_options.h"
#include "heddle/detect/data_race.h"
#include "heddle/memory/access_check.h"
#include "heddle/memory/access_fault.h"
#include "heddle/memory/address_objects.h"
#include "heddle/memory/arena.h"
#include "heddle/memory/frame_table.h"
#include "heddle/memory/leak_check.h"
#include "heddle/memory/memory_access.h"
#include "heddle/memory/memory_failure.h"
#include "heddle/memory/origin.h"
#include "heddle/memory/scheduling_marks.h"

namespace heddle {

// What of an execution's memory is a finding.
struct MemoryPolicy {
  bool report_races = true;  // Else a race only makes its location a scheduling location.
  bool report_leaks = true;
  ArenaLimits heap;
};

class TaskMemory final : public ExecutionObserver {
 public:
  static TaskMemory& Instance();
  TaskMemory(const TaskMemory&) = delete;
  TaskMemory& operator=(const TaskMemory&) = delete;

  // Called between executions.
  void set_policy(const MemoryPolicy& policy);

  // Says where the stack of the program's own thread begins that belongs to nobody of the
  // framework: `frame` is the frame of the function that a test called. Blocks that are held on to
  // from there, by a container in which a test collects something, survive their execution, and are
  // no leaks.
  void set_outer_frames(const void* frame);

  // Whether there is an execution whose memory this is.
  bool is_active() const { return execution_ != nullptr; }

  // ---- Accesses

  // The task is about to perform a plain access.
  //
  // Scheduling point: before the access, if it touches a scheduling location. Returns whether it
  // did. Fails:            with what AccessCheck finds.
  bool OnAccess(const MemoryAccess& access, const CodePlace& place);

  // The task is about to perform a marked access, and stands at its scheduling point already.
  // Fails: with what AccessCheck finds.
  void OnMarkedAccess(const MemoryAccess& access, const CodePlace& place);

  // The task is about to copy `size` bytes, which both accesses have been checked for: what was
  // uninitialised stays so.
  void OnCopy(uintptr_t to, uintptr_t from, size_t size);

  // Whether the last read was of memory that was never written, so that the next access decides: it
  // was the first half of writing a bit-field, or a finding.
  bool has_pending_read() const { return pending_read_.has_value(); }

  // Returns the present of the running task for DataRaceDetector::IsRepeated.
  uint64_t Now() const {
    const bool is_counted = execution_->happens_before().enabled();
    return is_counted ? races_.Now(execution_->running().id) : 0;
  }

  // The step has used up its accesses.
  [[noreturn]] void FailAccessLimit(const CodePlace& place);

  // Whether the running execution, or the last one, made an access that could be part of a race.
  // Where none does, nobody needs to know what happens before what.
  bool saw_accesses() const { return saw_accesses_; }

  // ---- Blocks

  // Returns a new block. Fails: kMisuse past ArenaLimits::heap_bytes_max.
  void* Allocate(const BlockRequest& request, const CodePlace& place);

  // Frees a block that was allocated in the same form; null is ignored.
  //
  // Scheduling point: before the free, if the block contains a scheduling location. Returns whether
  //                   it did.
  // Fails:            kDoubleFree, kInvalidFree.
  bool Free(void* block, const CodePlace& place, BlockForm form = BlockForm::kPlain);

  // Returns the block that begins at `address`, dead or alive, or null. Valid until the next
  // Allocate.
  const Block* FindBlock(const void* address) const {
    return arena_.FindExact(reinterpret_cast<uintptr_t>(address));
  }

  // ---- Objects on stacks

  // `object`, on the stack of the running task, is known to other tasks from now on, by pointers.
  void RegisterFrame(const void* object, size_t size, const char* name, const CodePlace& place);
  // The function that `object` belongs to returns: whoever still uses it uses a dead object.
  void RetireFrame(const void* object, const CodePlace& place);

  // ---- Leaks

  // What `root` leads to is no leak, in this execution.
  void AddRoot(const void* root, size_t size);

  // ---- Turning points of the execution

  void OnBegin(Execution& execution) override;
  void OnQuiescent(Execution& execution) override;
  SourceLocation CallerOfLibrary(SourceLocation where) override;
  void Locate(Execution& execution, bool is_exception, Failure* failure) override;
  void OnEnd(Execution& execution) override;
  uint64_t StableKey(uintptr_t address) const override;
  void OnUse(Execution& execution, const void* object, bool is_write,
             SourceLocation where) override;

  // ---- For atomic_access.cc

  // Returns the object that stands for `address` in this execution, of `size` bytes.
  ObjectId ObjectAt(uintptr_t address, size_t size, const ObjectType& type);
  Execution& execution() { return *execution_; }
  // Stands at an operation on `object`.
  void StandAt(ObjectId object, const OperationType& type, const CodePlace& place);

 private:
  TaskMemory();

  Origin OriginOf(const CodePlace& place) const;
  MemoryView view() const;
  bool IsSchedulingLocation(const MemoryAccess& access) const;
  static uintptr_t GranuleOf(uintptr_t address);
  void LogRange(const MemoryAccess& access);
  void Check(const MemoryAccess& access, const CodePlace& place);
  void ResolvePendingRead(const MemoryAccess& next);
  [[noreturn]] void Fail(AccessFault fault, const CodePlace& place);
  void CheckLeaks();
  void KeepWhatIsHeld();

  Arena& arena_;
  DataRaceDetector& races_;
  FrameTable frames_;
  AccessCheck check_;
  SchedulingMarks marks_;
  AddressObjects objects_;
  LeakCheck leaks_;
  MemoryPolicy policy_;
  std::vector<LeakCheck::Range> roots_;
  LeakCheck::Range outer_frames_;
  Execution* execution_ = nullptr;
  std::optional<AccessFault> pending_read_;
  bool saw_accesses_ = false;
};

}  // namespace heddle
