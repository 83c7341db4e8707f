#include "connectors/hydration.hpp"

#include <algorithm>
#include <unordered_map>

#include "connectors/json_fields.hpp"

namespace earshot::connectors {

Hydrated sort_out(const std::vector<KeptMention>& asked, Page page, const std::vector<std::string>& present) {
  std::unordered_map<std::string_view, const KeptMention*> open;
  for (const auto& one : asked) open.emplace(one.native_id, &one);
  Hydrated out;
  for (auto& mention : page.mentions) {
    const auto found = open.find(mention.native_id);
    if (found == open.end()) continue;
    const auto& kept = *found->second;
    open.erase(found);
    if (mention.deleted) {
      out.gone.push_back(kept.id);
      continue;
    }
    mention.created_at = kept.created_at;
    if (!kept.in_reply_to.empty()) mention.in_reply_to = kept.in_reply_to;
    if (!kept.conversation.empty()) mention.conversation = kept.conversation;
    if (mention.url.empty()) mention.url = kept.url;
    if (mention.extra.empty()) mention.extra = kept.extra;
    out.page.mentions.push_back(std::move(mention));
  }
  for (const auto& id : present) open.erase(id);
  out.page.bad_items = std::move(page.bad_items);
  out.page.not_before = page.not_before;
  if (!out.page.bad_items.empty()) return out;
  for (const auto& one : asked)
    if (open.contains(one.native_id)) out.gone.push_back(one.id);
  return out;
}

std::string extra_text(const KeptMention& mention, std::string_view name) {
  if (mention.extra.empty()) return {};
  const auto json = parse_json(mention.extra);
  return json ? std::string(json->root()[name].text()) : std::string();
}

}  // namespace earshot::connectors
