#include "connectors/declarative/recorded.hpp"

#include <algorithm>

#include "connectors/declarative/declarative.hpp"
#include "connectors/declarative/exchange.hpp"
#include "connectors/declarative/source_settings.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::declarative {
namespace {

/// All that gives mentions: the streams, and what is asked further about their items.
std::vector<const StreamSpec*> askable(const Platform& platform) {
  std::vector<const StreamSpec*> out;
  for (const auto& stream : platform.streams) out.push_back(&stream);
  for (const auto& follow : platform.follows) out.push_back(&follow.stream);
  return out;
}

struct Attempt {
  const StreamSpec* stream = nullptr;
  Variables variables;
};

/// The streams whose path it is; all of them when it is none's.
std::vector<Attempt> attempts(const Platform& platform, const Variables& settings, std::string_view url) {
  std::vector<Attempt> matching, all;
  const auto parsed = parse_url(url);
  for (const auto* stream : askable(platform)) {
    auto variables = settings;
    if (parsed && !variables.contains("base")) set_base(variables, parsed->origin());
    all.push_back({stream, variables});
    if (match_request(*stream, url, variables)) matching.push_back({stream, std::move(variables)});
  }
  return matching.empty() ? all : matching;
}

}  // namespace

Reading explain_recorded(const Platform& platform, const Variables& settings, std::string_view url,
                         std::string_view body, Timestamp now) {
  Reading out;
  const auto json = parse_json(body);
  if (!json) {
    out.page = unexpected(json.error());
    return out;
  }
  net::HttpReply reply;
  reply.url = url;
  const auto judged = judge(platform, reply, json->root(), settings, now);
  if (judged.trouble) {
    out.page = unexpected(*judged.trouble);
    return out;
  }
  const auto tries = attempts(platform, settings, url);
  std::size_t best = 0;
  for (const auto& attempt : tries) {
    Findings findings;
    auto read = read_page(platform, *attempt.stream, json->root(), attempt.variables, now, &findings);
    const bool first = &attempt == &tries.front();
    if (!first && (!read || read->page.mentions.size() <= best)) continue;
    best = read ? read->page.mentions.size() : 0;
    out.findings = std::move(findings);
    const bool follows = std::ranges::any_of(
        platform.follows, [&](const FollowSpec& follow) { return &follow.stream == attempt.stream; });
    out.findings.insert(out.findings.begin(),
                        (follows ? "read as follow `" : "read as stream `") + attempt.stream->name + "`");
    if (read)
      out.page = std::move(read->page);
    else
      out.page = unexpected(read.error());
  }
  return out;
}

Result<Page> parse_recorded(const Platform& platform, std::string_view url, std::string_view body,
                            Timestamp now) {
  return explain_recorded(platform, {}, url, body, now).page;
}

Result<Page> reread_record(const Platform& platform, const Variables& settings, std::string_view raw,
                           Timestamp fetched_at) {
  const auto json = parse_json(raw);
  if (!json) return unexpected(json.error());
  std::optional<Result<Page>> first;
  for (const auto* asked : askable(platform)) {
    auto stream = *asked;
    stream.items.at = {Pointer{}};
    stream.items.each.clear();
    stream.items.members = false;
    stream.items.skip
        .clear();  // what was kept was not skipped, and conditions may be of what stood around it
    auto read = read_page(platform, stream, json->root(), settings, fetched_at);
    const bool found = read && !read->page.mentions.empty();
    auto page = read ? Result<Page>(std::move(read->page)) : Result<Page>(unexpected(read.error()));
    if (found) return page;
    if (!first) first = std::move(page);
  }
  return first.value_or(Page{});
}

}  // namespace earshot::connectors::declarative
