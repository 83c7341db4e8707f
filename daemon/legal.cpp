#include "daemon/legal.hpp"

#include "connectors/connector.hpp"

namespace earshot::daemon {

connectors::LegalProfile legal_of(std::span<const OwnLegal> all, std::string_view source,
                                  std::string_view connector) {
  const auto* spec = connectors::find_connector(connector);
  auto out = spec ? spec->legal : connectors::LegalProfile{};
  for (const auto& own : all)
    if (own.source == source) out = connectors::stricter(out, own.profile);
  return out;
}

Keeping keeping_of(const connectors::LegalProfile& profile) {
  using connectors::Permission;
  return {.text = profile.text != Permission::forbidden,
          .author = profile.author != Permission::forbidden,
          .raw = profile.raw != Permission::forbidden};
}

void write_legal(JsonWriter& out, const connectors::LegalProfile& profile) {
  out.field("text", to_string(profile.text)).field("author", to_string(profile.author));
  out.field("raw", to_string(profile.raw)).field("days", profile.days);
  out.field("deletion_hours", profile.deletion_hours).key("no_inference").begin_array();
  for (const auto& what : profile.no_inference) out.value(what);
  out.end_array().key("documents").begin_object();
  for (const auto& [rule, document] : profile.documents) out.field(rule, document);
  out.end_object();
}

}  // namespace earshot::daemon
