#include "connectors/legal.hpp"

#include <algorithm>

namespace earshot::connectors {
namespace {

const std::vector<std::string> permission_names = {"unknown", "allowed", "forbidden"};
const std::vector<std::string> rule_names = {"text", "author",         "raw",
                                             "days", "deletion_hours", "no_inference"};

/// The longest that anything is reckoned with: ten years.
constexpr std::int64_t days_max = 3650;

std::optional<std::int64_t> least(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

std::string from_document(const LegalProfile& profile, const std::string& rule) {
  const auto found = profile.documents.find(rule);
  return found == profile.documents.end() ? std::string() : " (" + found->second + ")";
}

/// "1 hour", "48 hours".
std::string amount(std::int64_t number, std::string_view unit) {
  return std::to_string(number) + " " + std::string(unit) + (number == 1 ? "" : "s");
}

}  // namespace

std::string_view to_string(Permission permission) {
  return permission_names[static_cast<std::size_t>(permission)];
}

LegalProfile read_legal(const TomlNode& node, const std::string& table, TomlMistakes& mistakes,
                        const std::vector<std::string>& others) {
  TomlReader reader(node, table, mistakes);
  for (const auto& other : others) (void)reader.find(other);
  LegalProfile out;
  const auto permission = [&](std::string_view key) {
    const auto word = reader.word(key, permission_names);
    return static_cast<Permission>(std::ranges::find(permission_names, word) - permission_names.begin());
  };
  out.text = permission("text");
  out.author = permission("author");
  out.raw = permission("raw");
  if (reader.find("days") != nullptr) out.days = reader.integer("days", 1, 1, days_max);
  if (reader.find("deletion_hours") != nullptr)
    out.deletion_hours = reader.integer("deletion_hours", 1, 1, days_max * 24);
  out.no_inference = reader.list("no_inference");
  if (const auto* documents = reader.table("documents")) {
    TomlReader named(*documents, table + ".documents", mistakes);
    for (const auto& rule : rule_names) {
      const auto* document = named.find(rule);
      if (document == nullptr) continue;
      if (!document->is(TomlNode::Kind::text) || document->text.empty())
        named.mistake(rule, "must name a document of the platform");
      else if (node.find(rule) == nullptr)
        named.mistake(rule, "names a document, but the rule itself is missing");
      out.documents[rule] = document->text;
    }
    named.finish();
  }
  for (const auto& rule : rule_names)
    if (const auto* stated = node.find(rule);
        stated != nullptr && stated->text != "unknown" && !out.documents.contains(rule))
      reader.mistake(rule, "needs its document: write documents." + rule + " = \"…\"");
  reader.finish();
  return out;
}

LegalProfile stricter(const LegalProfile& a, const LegalProfile& b) {
  LegalProfile out = a;
  out.text = std::max(a.text, b.text);
  out.author = std::max(a.author, b.author);
  out.raw = std::max(a.raw, b.raw);
  out.days = least(a.days, b.days);
  out.deletion_hours = least(a.deletion_hours, b.deletion_hours);
  for (const auto& what : b.no_inference)
    if (std::ranges::find(out.no_inference, what) == out.no_inference.end()) out.no_inference.push_back(what);
  const auto from_b = [&](const std::string& rule, bool narrower) {
    const auto found = b.documents.find(rule);
    if (found != b.documents.end() && (narrower || !out.documents.contains(rule)))
      out.documents[rule] = found->second;
  };
  from_b("text", out.text != a.text);
  from_b("author", out.author != a.author);
  from_b("raw", out.raw != a.raw);
  from_b("days", out.days != a.days);
  from_b("deletion_hours", out.deletion_hours != a.deletion_hours);
  from_b("no_inference", a.no_inference.empty());
  return out;
}

std::string describe(const LegalProfile& profile) {
  std::string out;
  const std::pair<const char*, Permission> permissions[] = {
      {"text", profile.text}, {"author", profile.author}, {"raw", profile.raw}};
  for (const auto& [rule, permission] : permissions)
    out += std::string("Keeping ") + rule + ": " + std::string(to_string(permission)) +
           from_document(profile, rule) + ". ";
  out += "Kept at most: " +
         (profile.days ? amount(*profile.days, "day") + " since it was last read" : "unknown") +
         from_document(profile, "days") + ". ";
  out += "Deletions follow within: " +
         (profile.deletion_hours ? amount(*profile.deletion_hours, "hour") : "unknown") +
         from_document(profile, "deletion_hours") + ". ";
  out += "Never derived: ";
  for (std::size_t i = 0; i < profile.no_inference.size(); ++i)
    out += (i == 0 ? "" : ", ") + profile.no_inference[i];
  if (profile.no_inference.empty()) out += "unknown";
  return out + from_document(profile, "no_inference") + ".";
}

}  // namespace earshot::connectors
