#include "net/imap_reply.hpp"

#include "core/base/assert.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  using namespace earshot::net::imap;
  const auto bytes = fuzz_text(data, size);
  // In one piece or in many: the same responses.
  std::vector<Response> ways[2];
  bool failed[2] = {};
  for (int way = 0; way < 2; ++way) {
    ResponseReader reader(1000);
    const std::size_t piece = way == 0 ? bytes.size() + 1 : 3;
    for (std::size_t at = 0; at < bytes.size() && !failed[way]; at += piece) {
      reader.push(bytes.substr(at, piece));
      for (;;) {
        auto next = reader.next();
        failed[way] = !next;
        if (!next || !*next) break;
        ways[way].push_back(std::move(**next));
      }
    }
  }
  EARSHOT_ASSERT(failed[0] == failed[1] && ways[0] == ways[1]);
  for (const auto& response : ways[0]) {
    for (const auto& literal : response.literals) EARSHOT_ASSERT(literal.size() <= 1000);
    if (const auto fetched = parse_fetch(response)) EARSHOT_ASSERT(fetched->uid > 0 && fetched->body);
    if (const auto uids = parse_search(response.line)) EARSHOT_ASSERT(uids->size() <= response.line.size());
    static_cast<void>(code_number(response.line, "UIDVALIDITY"));
  }
  return 0;
}
