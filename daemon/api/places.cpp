#include "daemon/api/places.hpp"

#include <algorithm>
#include <utility>

namespace earshot::api {

template <typename Matches>
bool Places::make_room(Matches matches) {
  const auto found = std::ranges::find_if(idle_, matches);
  if (found == idle_.end()) return false;
  // It leaves in its next turn, and takes its mark away then; nobody is to end it twice until that.
  if (auto end = std::exchange(found->end, nullptr)) end();
  return true;
}

bool Places::take(const std::string& peer, bool stranger) {
  const bool local = peer.empty();
  const auto held = stranger ? strangers_.find(peer) : strangers_.end();
  if (held != strangers_.end() && held->second >= limits_.stranger_connections_max &&
      !make_room([&](const Idle& idle) { return idle.end && idle.peer == peer; }))
    return false;
  auto& taken = local ? local_connections_ : connections_;
  if (taken >= (local ? limits_.local_connections_max : limits_.connections_max) &&
      !make_room([&](const Idle& idle) { return idle.end && idle.peer.empty() == local; }))
    return false;
  if (stranger) ++strangers_[peer];
  ++taken;
  return true;
}

void Places::leave(const std::string& peer) {
  --(peer.empty() ? local_connections_ : connections_);
  const auto found = strangers_.find(peer);
  if (found != strangers_.end() && --found->second == 0) strangers_.erase(found);
}

void Places::end_all_idle() {
  for (auto& idle : idle_)
    if (auto end = std::exchange(idle.end, nullptr)) end();
}

bool Places::begin_stream() {
  if (streams_ >= limits_.streams_max) return false;
  ++streams_;
  return true;
}

}  // namespace earshot::api
