#include "store/derived.hpp"

#include "core/base/hash.hpp"
#include "core/base/json_writer.hpp"
#include "core/model/identity.hpp"
#include "store/raw_payload.hpp"

namespace earshot::store {
namespace {

std::string json_list(const std::vector<std::string>& items) {
  if (items.empty()) return {};
  JsonWriter out;
  out.begin_array();
  for (const auto& item : items) out.value(item);
  out.end_array();
  return out.str();
}

std::uint64_t content_hash(const Mention& m) {
  thread_local std::string key;
  key.clear();
  for (const auto* part : {&m.text, &m.title, &m.lang, &m.author.id, &m.in_reply_to, &m.conversation}) {
    key += *part;
    key.push_back('\0');
  }
  if (m.rating) key += std::to_string(*m.rating);
  key.push_back(static_cast<char>(m.kind));
  return hash64(key);
}

std::uint64_t author_key(const Mention& mention) {
  const auto& id = mention.author.id.empty() ? mention.author.handle : mention.author.id;
  return id.empty() ? 0 : identity::native_hash(mention.platform, id);
}

}  // namespace

Derived derive(const Mention& mention, bool words) {
  Derived out{.native_hash = identity::native_hash(mention.platform, mention.native_id),
              .key_time = identity::key_time(mention),
              .content_hash = content_hash(mention),
              .author_key = author_key(mention)};
  // By the second in any case: a review that was stored when its time was part of its identity is found
  // again.
  const auto at = std::chrono::floor<std::chrono::seconds>(mention.created_at);
  out.first_id = identity::make_id(out.key_time.value_or(at), out.native_hash);
  if (!words) return out;
  out.tags = json_list(mention.tags);
  out.links = json_list(mention.links);
  if (!mention.raw.empty()) out.raw = compress_raw(mention.raw);
  return out;
}

}  // namespace earshot::store
