// Any bytes as a platform's file: it fails as `invalid` with one placed line per mistake, or it is a platform
// that reads any reply without harm.
#include "connectors/declarative/page_reader.hpp"
#include "connectors/declarative/platform.hpp"
#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/page_invariants.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  using namespace earshot::connectors;
  const auto platform = declarative::read_platform(fuzz_text(data, size), "fuzz.toml");
  if (!platform) {
    EARSHOT_ASSERT(platform.error().kind == ErrorKind::invalid);
    for (const auto line : split(platform.error().message, '\n'))
      EARSHOT_ASSERT(line.starts_with("fuzz.toml:"));
    return 0;
  }
  EARSHOT_ASSERT(!platform->streams.empty() && !platform->name.empty());
  static const auto reply = parse_json(
      R"({"data":[{"id":1,"text":"a","at":1776080000,"list":[{"id":2,"k":"v"}],"user":{"name":"n"}},2,null,[]],"next":"x"})");
  EARSHOT_ASSERT(reply.has_value());
  const auto now = from_ms(1'776'083'057'000);
  const auto read = [&](const declarative::StreamSpec& stream) {
    auto page = declarative::read_page(*platform, stream, reply->root(), {}, now);
    if (page) check_page(std::move(page->page), now);
  };
  for (const auto& stream : platform->streams) read(stream);
  for (const auto& follow : platform->follows) {
    EARSHOT_ASSERT(!follow.id.empty() && !follow.mark.empty() && follow.most > 0 && follow.batch > 0);
    read(follow.stream);
  }
  return 0;
}
