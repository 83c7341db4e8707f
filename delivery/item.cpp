#include "delivery/item.hpp"

#include <cstdio>

#include "core/base/hash.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"

namespace earshot::delivery {
namespace {

/// Two databases may have rows of the same key; that they were written in the same millisecond as well is
/// left to chance.
std::string id_of(const store::OutboxItem& item, std::string_view salt) {
  const auto text = std::string(salt) + "\n" + item.key + "\n" + std::to_string(to_ms(item.created_at));
  char out[64];
  std::snprintf(out, sizeof out, "msg_%016llx%016llx", static_cast<unsigned long long>(hash64(text, 1)),
                static_cast<unsigned long long>(hash64(text, 2)));
  return out;
}

Item single(const store::Delivery& row) {
  return Item{.id = id_of(row.item, ""),
              .kind = row.item.kind,
              .payload = row.item.payload,
              .created_at = row.item.created_at,
              .thread = row.thread,
              .thread_external_id = row.thread_external_id,
              .attempt = row.attempts};
}

void write(JsonWriter& out, const Item& item) {
  out.begin_object().field("type", item.kind).field("id", item.id);
  out.field("timestamp", format_rfc3339(item.created_at)).key("data");
  if (item.kind != "digest") {
    out.raw(item.payload.empty() ? "{}" : item.payload);
  } else {
    out.begin_object().key("items").begin_array();
    for (const auto& part : item.parts) write(out, part);
    out.end_array().end_object();
  }
  out.end_object();
}

}  // namespace

const std::vector<std::string>& item_kinds() {
  static const std::vector<std::string> all = {
      "incident_opened", "incident_closed", "idea_new", "misled_found",
      "waiting"};  // and `report`, whose way is told where it is ordered
  return all;
}

Item item_of(const std::vector<store::Delivery>& rows) {
  if (!rows.front().digest) return single(rows.front());
  Item out{.id = id_of(rows.front().item, "digest " + rows.front().destination),
           .kind = "digest",
           .created_at = rows.front().due_at,
           .thread = "digest",
           .attempt = rows.front().attempts};
  for (const auto& row : rows) out.parts.push_back(single(row));
  return out;
}

Item example_item(Timestamp now) {
  store::OutboxItem row{.kind = "test", .key = "test", .created_at = now};
  JsonWriter payload;
  payload.begin_object().field("test", true).field("brand", "Example").field("issue", "outage");
  payload.field("title", "This is a test: nothing has happened").field("severity", 1).field("authors", 1);
  payload.key("details").begin_object().key("exemplars").begin_array();
  payload.begin_object().field("text", "A post would be quoted here.").field("source", "example");
  payload.field("url", "https://example.com/").end_object().end_array().end_object().end_object();
  return Item{.id = id_of(row, ""),
              .kind = "test",
              .payload = payload.str(),
              .created_at = now,
              .thread = "test:" + std::to_string(to_ms(now))};
}

std::string to_json(const Item& item) {
  JsonWriter out;
  write(out, item);
  return out.str();
}

std::string thread_of(const store::OutboxItem& item) {
  const auto colon = item.key.find(':');
  const auto word = item.kind.substr(0, item.kind.find('_'));
  return word + (colon == std::string::npos ? ":" + item.key : item.key.substr(colon));
}

}  // namespace earshot::delivery
