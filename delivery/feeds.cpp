#include "delivery/feeds.hpp"

#include <algorithm>
#include <filesystem>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"
#include "delivery/atomic_file.hpp"
#include "delivery/evidence.hpp"
#include "delivery/markup.hpp"

namespace earshot::delivery {
namespace {

void element(std::string& out, std::string_view indent, std::string_view name, std::string_view text,
             std::string_view attributes = "") {
  out.append(indent).append("<").append(name).append(attributes).append(">");
  out.append(escape_xml(text)).append("</").append(name).append(">\n");
}

std::string people(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " person" : " people");
}

std::string percent(double ratio) {
  const auto value = static_cast<long>(ratio * 100 + (ratio < 0 ? -0.5 : 0.5));
  return (value > 0 ? "+" : "") + std::to_string(value) + "%";
}

std::string decimal(double value) {
  JsonWriter out;
  out.rounded(value, 1);
  return out.str();
}

std::string issue_name(std::uint8_t issue) {
  return issue < issue_type_count ? std::string(to_string(static_cast<IssueType>(issue)))
                                  : "own_" + std::to_string(issue);
}

std::string word_for(std::string_view state) {
  if (state == "dismissed") return "False alarm: ";
  return state == "open" ? "Open: " : "Over: ";
}

constexpr std::string_view tag = "tag:earshot,2026:";

}  // namespace

std::string atom(const Feed& feed) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
  element(out, "  ", "id", feed.id);
  element(out, "  ", "title", feed.title);
  element(out, "  ", "updated", format_rfc3339(feed.updated));
  // RFC 4287 asks for an author of the feed or of every entry.
  out += "  <author><name>Earshot</name></author>\n  <generator>Earshot</generator>\n";
  for (const auto& entry : feed.entries) {
    out += "  <entry>\n";
    element(out, "    ", "id", entry.id);
    element(out, "    ", "title", entry.title);
    element(out, "    ", "published", format_rfc3339(entry.published));
    element(out, "    ", "updated", format_rfc3339(entry.updated));
    if (is_web(entry.url)) out += "    <link rel=\"alternate\" href=\"" + escape_xml(entry.url) + "\"/>\n";
    for (const auto& name : entry.tags) out += "    <category term=\"" + escape_xml(name) + "\"/>\n";
    element(out, "    ", "content", entry.summary, " type=\"text\"");
    out += "  </entry>\n";
  }
  return out + "</feed>\n";
}

std::string json_feed(const Feed& feed) {
  JsonWriter out;
  out.begin_object().field("version", "https://jsonfeed.org/version/1.1").field("title", feed.title);
  out.key("authors").begin_array().begin_object().field("name", "Earshot").end_object().end_array();
  out.key("items").begin_array();
  for (const auto& entry : feed.entries) {
    out.begin_object().field("id", entry.id).field("title", entry.title).field("content_text", entry.summary);
    if (is_web(entry.url)) out.field("url", entry.url);
    out.field("date_published", format_rfc3339(entry.published))
        .field("date_modified", format_rfc3339(entry.updated));
    if (!entry.tags.empty()) {
      out.key("tags").begin_array();
      for (const auto& name : entry.tags) out.value(name);
      out.end_array();
    }
    out.end_object();
  }
  out.end_array().end_object();
  return out.str() + "\n";
}

Feed idea_feed(const std::string& brand, const std::vector<store::IdeaRow>& ideas, Timestamp now) {
  Feed out{
      .id = std::string(tag) + "ideas/" + slug(brand), .title = brand + ": content ideas", .updated = now};
  for (const auto& row : ideas) {
    FeedEntry entry{.id = std::string(tag) + "idea/" + slug(brand) + "/" + slug(row.key),
                    .title = row.title,
                    .summary = people(row.askers) + " asked this in " + std::to_string(row.mentions) +
                               " posts (" + percent(row.trend) +
                               " in the last two weeks against the two before). " +
                               std::to_string(row.unanswered) + " have no answer of ours.",
                    .url = "",
                    .published = row.first_at,
                    .updated = row.last_at,
                    .tags = {"idea", row.state.empty() ? "new" : row.state}};
    const auto evidence = evidence_of(row.details, "quotes");
    if (!evidence.empty()) entry.url = evidence.front().url;
    for (const auto& quote : evidence) entry.summary += "\n\n“" + quote.text + "” (" + quote.source + ")";
    out.entries.push_back(std::move(entry));
  }
  return out;
}

Feed incident_feed(const std::string& brand, const std::vector<store::IncidentRow>& incidents,
                   Timestamp now) {
  Feed out{
      .id = std::string(tag) + "incidents/" + slug(brand), .title = brand + ": incidents", .updated = now};
  for (const auto& row : incidents) {
    FeedEntry entry{.id = std::string(tag) + "incident/" + slug(brand) + "/" + issue_name(row.issue) + "/" +
                          std::to_string(to_ms(row.detected_at) / 3'600'000),
                    .title = word_for(row.state) + row.title,
                    .summary = "Severity " + std::to_string(row.severity) + " of 10. " + people(row.authors) +
                               " in " + std::to_string(row.mentions) + " posts since " +
                               format_rfc3339(row.started_at) + ", and " + std::to_string(row.echoes) +
                               " copies. When it was noticed, " + decimal(row.expected) +
                               " people an hour were usual; the alarm is at " + decimal(row.threshold) + ".",
                    .url = "",
                    .published = row.detected_at,
                    .updated = row.last_at,
                    .tags = {"incident", row.state, issue_name(row.issue)}};
    const auto evidence = evidence_of(row.details, "exemplars");
    if (!evidence.empty()) entry.url = evidence.front().url;
    for (const auto& quote : evidence) entry.summary += "\n\n“" + quote.text + "” (" + quote.source + ")";
    // An incident may be noticed in the hour in which its last report came.
    entry.updated = std::max(entry.updated, entry.published);
    out.entries.push_back(std::move(entry));
  }
  return out;
}

Feed gap_feed(const std::string& brand, const std::vector<store::MisledRow>& rows, Timestamp now) {
  Feed out{.id = std::string(tag) + "gaps/" + slug(brand),
           .title = brand + ": where people feel misled",
           .updated = now};
  for (const auto& row : rows) {
    FeedEntry entry{.id = std::string(tag) + "gap/" + slug(brand) + "/" + slug(row.key),
                    .title = row.title,
                    .summary = people(row.people) + " in " + std::to_string(row.mentions) +
                               " posts say that they expected something else.",
                    .url = "",
                    .published = row.first_at,
                    .updated = row.last_at,
                    .tags = {"expectation_gap", row.claim ? "claim" : "no claim known"}};
    if (const auto advice = text_of(row.details, "advice"); !advice.empty()) entry.summary += "\n\n" + advice;
    const auto evidence = evidence_of(row.details, "quotes");
    if (!evidence.empty()) entry.url = evidence.front().url;
    for (const auto& quote : evidence) entry.summary += "\n\n“" + quote.text + "” (" + quote.source + ")";
    out.entries.push_back(std::move(entry));
  }
  return out;
}

Status write_feed(const std::string& directory, const std::string& brand, const std::string& kind,
                  const Feed& feed) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return unexpected(ErrorKind::forbidden, "cannot make " + directory + ": " + code.message());
  const auto base = (std::filesystem::path(directory) / slug(brand)).string() + "-" + kind;
  auto status = write_atomically(base + ".atom", atom(feed));
  return status ? write_atomically(base + ".json", json_feed(feed)) : status;
}

}  // namespace earshot::delivery
