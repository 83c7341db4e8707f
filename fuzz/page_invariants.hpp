#pragma once
#include <set>

#include "connectors/connector.hpp"
#include "connectors/normalise.hpp"
#include "core/base/assert.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"

/// What every page keeps, whatever bytes it was read from.
inline void check_page(const earshot::Result<earshot::Page>& page, earshot::Timestamp now) {
  using namespace earshot;
  if (!page) {
    EARSHOT_ASSERT(!page.error().message.empty());
    return;
  }
  std::set<std::string> ids;
  for (const auto& mention : page->mentions) {
    EARSHOT_ASSERT(!mention.native_id.empty() && !mention.platform.empty());
    EARSHOT_ASSERT(ids.insert(mention.platform + '\n' + mention.native_id).second);
    EARSHOT_ASSERT(!mention.text.empty() || !mention.title.empty() || mention.deleted);
    EARSHOT_ASSERT(utf8::is_valid(mention.text) && utf8::is_valid(mention.title) &&
                   utf8::is_valid(mention.native_id));
    EARSHOT_ASSERT(mention.text.find('\0') == std::string::npos && mention.text.size() <= 64 * 1024);
    EARSHOT_ASSERT(mention.url == canonical_url(mention.url));
    EARSHOT_ASSERT(mention.created_at <= now + std::chrono::hours(1));
    EARSHOT_ASSERT(mention.extra.empty() || mention.extra.front() == '{');
    const auto again = connectors::normalise(mention);
    EARSHOT_ASSERT(again && *again == mention);
  }
}

inline int fuzz_connector(std::string_view name, std::string_view bytes) {
  using namespace earshot;
  const auto now = from_ms(1'776'083'057'000);
  const auto* spec = connectors::find_connector(name);
  EARSHOT_ASSERT(spec != nullptr);
  check_page(spec->parse("https://a.example/feed", bytes, now), now);
  return 0;
}
