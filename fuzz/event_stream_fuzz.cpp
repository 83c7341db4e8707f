#include <optional>
#include <vector>

#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"
#include "net/event_stream.hpp"

namespace {

/// Events of a text that arrives in two pieces; nothing when it was given up.
std::optional<std::vector<earshot::net::StreamEvent>> events_of(std::string_view text, std::size_t cut) {
  earshot::net::EventReader reader(4'096);
  std::vector<earshot::net::StreamEvent> events;
  for (const auto piece : {text.substr(0, cut), text.substr(cut)}) {
    if (!reader.add(piece)) return std::nullopt;
    for (;;) {
      auto event = reader.next();
      if (!event) return std::nullopt;
      if (!*event) break;
      EARSHOT_ASSERT((*event)->data.size() <= 4'096 && (*event)->id.find('\0') == std::string::npos);
      events.push_back(std::move(**event));
    }
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = fuzz_text(data + 1, size - 1);
  // Where a text is cut changes nothing.
  const auto whole = events_of(text, text.size());
  const auto cut = events_of(text, data[0] % (text.size() + 1));
  if (whole && cut) EARSHOT_ASSERT(*whole == *cut);
  return 0;
}
