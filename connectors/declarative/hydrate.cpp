#include "connectors/declarative/hydrate.hpp"

#include "connectors/declarative/exchange.hpp"
#include "connectors/declarative/page_reader.hpp"

namespace earshot::connectors::declarative {

Result<Hydrated> read_hydrated(const Platform& platform, const std::vector<KeptMention>& asked,
                               const Variables& variables, const net::HttpReply& reply, Timestamp now) {
  const auto& hydrate = platform.hydrate;
  const auto json = parse_json(reply.body);
  const auto root = json ? json->root() : JsonValue();
  const Scope scope{.page = root, .parent = root, .item = root, .joins = {}, .variables = &variables};
  const bool fine = reply.status >= 200 && reply.status < 300;
  const bool answers = fine && any_holds(hydrate.answers, scope);
  const auto judged = answers ? Judgement{} : judge(platform, reply, root, variables, now);
  if (judged.trouble && judged.trouble->kind == ErrorKind::gone && hydrate.batch == 1)
    return sort_out(asked, Page{});
  if (judged.trouble) return unexpected(*judged.trouble);
  if (!json && !judged.empty) return unexpected(json.error());
  auto read =
      judged.empty ? Result<ReadPage>(ReadPage{}) : read_page(platform, hydrate.stream, root, variables, now);
  if (!read && answers) read = ReadPage{};
  if (!read) return unexpected(read.error());
  if (const auto wait = wait_in(platform.backoff, scope)) read->page.not_before = now + *wait;
  return sort_out(asked, std::move(read->page), read->ids);
}

}  // namespace earshot::connectors::declarative
