// Any bytes as a post or a reply: signs, reasons and promises lie inside the text, and every promise is due
// later.
#include <string_view>

#include "analysis/people/business_hours.hpp"
#include "analysis/people/matter.hpp"
#include "analysis/people/promise.hpp"
#include "analysis/people/roles.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  static analysis::SignReader reader({"Fernwave", "Fernwave Hub"}, {"Quillnet"});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto hits = reader.read(text);
  const auto inside = [&](const Span& span) { return span.begin < span.end && span.end <= size; };
  for (const auto& hit : hits) EARSHOT_ASSERT(inside(hit.span));
  if (const auto reason = analysis::reason_of(text, hits)) EARSHOT_ASSERT(inside(*reason));
  if (const auto promise = analysis::read_promise(reader.tokens(), hits)) {
    EARSHOT_ASSERT(inside(promise->span));
    const auto said_at = from_ms(1'790'000'000'000);
    EARSHOT_ASSERT(analysis::due_of(promise->due, said_at, TimeZone()) > said_at);
  }
  for (const auto& name : analysis::signers(text)) EARSHOT_ASSERT(!name.empty());
  static_cast<void>(analysis::names_a_bot(text));
  analysis::BusinessHours hours;
  if (hours.add(text)) EARSHOT_ASSERT(!hours.always());
  return 0;
}
