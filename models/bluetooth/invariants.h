// SPDX-License-Identifier: GPL-2.0-only
//
// INV-B1 to INV-B8, over the record of an execution that has come to its end.
//
//   INV-B1 agreement  A peer that was told ACCEPTED, and whose link stays connected, gets exactly
//                     one update command, with its values and its handle.
//   INV-B2 target     An update command is queued only while the link object that received the
//                     request owns the handle in it.
//   INV-B3 store      hci_conn_params of a peer take on a request's values exactly if the update
//                     has happened: if its command was queued or, in versions that wait for it,
//                     the controller confirmed it.
//   INV-B4 notify     User space is told of a request exactly if its update has happened, once, and
//                     in the order of the requests of a link.
//   INV-B5 memory     The data of every queued update is freed once, every reference it took on a
//                     link is dropped.
//   INV-B6 range      No request is accepted whose values are out of range (conn_param_range.h).
//   INV-B7 response   Every well-formed request of a peer whose link stays connected is answered
//                     once.
//   INV-B8 liveness   What a user asks for is done within the time that one command may take, also
//                     while a peer is out of reach.
//
// "Exactly if": a store or notice without the update is a breach, and so is an update of a link
// that stays connected which is never stored although the peer has an entry, or never told although
// its address may be.
//
// A breach names what was missing or mistaken (objects), and the functions in which the obligation
// was broken: these tell the bugs apart that break one invariant.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/bluetooth/environment.h"
#include "models/bluetooth/ghost.h"
#include "models/bluetooth/update_options.h"

namespace models::bluetooth {

struct breach {
  std::string sentence;
  std::vector<std::string> objects;
  std::vector<std::string> functions;

  // As what the engine calls it.
  template <class Violation>
  operator Violation() const {  // NOLINT(google-explicit-constructor)
    return {sentence, objects, functions};
  }
};

// When an update has happened, for INV-B3 and INV-B4.
enum class update_event { COMMAND_QUEUED, CONFIRMED };
update_event event_promised_by(const update_options& options);

// How long a link must stay connected for INV-B1 to hold it to its promise.
enum class agreement {
  OF_LINKS_THAT_STAY,   // Connected at the end.
  ALSO_OF_THE_REFUSED,  // And where the cmd_sync queue refused the request of a connected link.
};

std::optional<breach> inv_b1(const ghost_log& log,
                             agreement promise = agreement::OF_LINKS_THAT_STAY);
std::optional<breach> inv_b2(const ghost_log& log);
std::optional<breach> inv_b3(const ghost_log& log, update_event event);
std::optional<breach> inv_b4(const ghost_log& log, update_event event);
std::optional<breach> inv_b5(const ghost_log& log);
std::optional<breach> inv_b6(const update_options& options);
std::optional<breach> inv_b7(const ghost_log& log);
std::optional<breach> inv_b8(const ghost_log& log);

// Which of them a scenario states.
struct invariant_set {
  bool b1 = false;
  agreement b1_promise = agreement::OF_LINKS_THAT_STAY;
  bool b2 = false;
  bool b3 = false;
  bool b4 = false;
  bool b5 = false;
  bool b7 = false;
  bool b8 = false;
};
inline constexpr invariant_set kAllInvariants = {
    .b1 = true, .b2 = true, .b3 = true, .b4 = true, .b5 = true, .b7 = true};

// Has them checked at the end of the execution:
//   add_invariants(execution, heddle::CheckedAt::kEnd, world, kAllInvariants);
template <class Execution, class When>
void add_invariants(Execution& execution, When at_end, const environment& world,
                    const invariant_set& set) {
  const ghost_log* log = world.log;
  const update_event event = event_promised_by(world.hdev->options);
  const agreement promise = set.b1_promise;
  if (set.b1) {
    execution.AddInvariant({"INV-B1", at_end, [log, promise] { return inv_b1(*log, promise); }});
  }
  if (set.b2) execution.AddInvariant({"INV-B2", at_end, [log] { return inv_b2(*log); }});
  if (set.b3)
    execution.AddInvariant({"INV-B3", at_end, [log, event] { return inv_b3(*log, event); }});
  if (set.b4)
    execution.AddInvariant({"INV-B4", at_end, [log, event] { return inv_b4(*log, event); }});
  if (set.b5) execution.AddInvariant({"INV-B5", at_end, [log] { return inv_b5(*log); }});
  if (set.b7) execution.AddInvariant({"INV-B7", at_end, [log] { return inv_b7(*log); }});
  if (set.b8) execution.AddInvariant({"INV-B8", at_end, [log] { return inv_b8(*log); }});
}

}  // namespace models::bluetooth
