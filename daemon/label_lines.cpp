#include "daemon/label_lines.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/json_fields.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"

namespace earshot::daemon {
namespace {

constexpr std::size_t line_bytes_max = 64 * 1024;

Unexpected wrong(std::string what) { return unexpected(ErrorKind::malformed, std::move(what)); }

Result<std::vector<std::uint8_t>> read_issues(const connectors::JsonValue& root, const IssueNames& names) {
  std::vector<std::uint8_t> bits;
  for (const char* key : {"issues", "own_issues"}) {
    const auto list = root[key];
    if (!list) continue;
    if (!list.is_array()) return wrong(std::string("\"") + key + "\" is not a list of names");
    for (const auto item : list) {
      const auto bit = item.is_string() ? issue_bit(names, item.text()) : std::nullopt;
      if (!bit)
        return wrong("there is no issue type " +
                     quote_printable(item.is_string() ? item.text() : item.raw()));
      if (std::ranges::find(bits, *bit) == bits.end()) bits.push_back(*bit);
    }
  }
  return bits;
}

}  // namespace

std::optional<std::uint8_t> issue_bit(const IssueNames& names, std::string_view name) {
  for (const auto& [bit, known] : names)
    if (known == name) return bit;
  return std::nullopt;
}

std::string issue_name(const IssueNames& names, std::uint8_t bit) {
  for (const auto& [known, name] : names)
    if (known == bit) return name;
  return "own_" + std::to_string(bit);
}

Result<LabelLine> read_label_line(std::string_view line, const IssueNames& names) {
  if (line.size() > line_bytes_max) return wrong("the line is longer than 64 KB");
  const auto json = connectors::parse_json(line);
  if (!json) return unexpected(json.error());
  const auto root = json->root();
  if (!root.is_object()) return wrong("expected an object");
  LabelLine out;
  const auto id = root["id"].id();
  auto& number = out.label.mention.value;
  const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (id.empty() || problem != std::errc{} || end != id.data() + id.size() || number <= 0)
    return wrong("\"id\" is not the id of a mention");
  out.brand = root["brand"].text();
  const auto polarity = root["label"] ? root["label"] : root["polarity"];
  if (polarity) {
    out.label.polarity = polarity_from(polarity.text());
    if (!out.label.polarity || *out.label.polarity == Polarity::unscored)
      return wrong("\"label\" is not negative, neutral or positive");
  }
  if (root["issues"] || root["own_issues"]) {
    auto issues = read_issues(root, names);
    if (!issues) return unexpected(issues.error());
    out.label.issues = std::move(*issues);
  }
  if (!out.label.polarity && !out.label.issues) return wrong("has neither \"label\" nor \"issues\"");
  if (root["note"].is_string()) out.label.note = std::string(root["note"].text());
  out.label.by = root["by"].text();
  if (root["at"]) {
    const auto at = parse_rfc3339(root["at"].text());
    if (!at) return wrong("\"at\" is not a time such as 2026-11-27T08:00:00Z");
    out.label.at = *at;
  }
  return out;
}

void write_label_line(JsonWriter& out, const store::LabelRow& label, const store::MentionRow& mention,
                      const std::string& brand, const IssueNames& names) {
  out.begin_object().field("id", std::to_string(label.mention.value)).field("brand", brand);
  out.field("text", mention.title.empty() ? mention.text : mention.title + "\n\n" + mention.text);
  if (mention.verdict.lang != "und") out.field("lang", mention.verdict.lang);
  if (label.polarity) out.field("label", to_string(*label.polarity));
  if (label.issues) {
    // The main one first, since the order of a line is the order of weight.
    std::vector<std::uint8_t> bits;
    if (label.top_issue) bits.push_back(*label.top_issue);
    for (std::uint8_t bit = 0; bit < 64; ++bit)
      if ((*label.issues >> bit & 1U) != 0 && label.top_issue != bit) bits.push_back(bit);
    for (const bool own : {false, true}) {
      if (own && std::ranges::none_of(bits, [](auto bit) { return bit >= issue_type_count; })) continue;
      out.key(own ? "own_issues" : "issues").begin_array();
      for (const auto bit : bits)
        if ((bit >= issue_type_count) == own) out.value(issue_name(names, bit));
      out.end_array();
    }
  }
  if (!label.note.empty()) out.field("note", label.note);
  if (!label.by.empty()) out.field("by", label.by);
  out.field("at", format_rfc3339(label.at)).field("platform", mention.platform);
  out.field("source", mention.source).field("native_id", mention.native_id).field("url", mention.url);
  out.end_object();
}

}  // namespace earshot::daemon
