#include "insight/misled_story.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "analysis/content/sentences.hpp"
#include "analysis/content/terms.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"

namespace earshot::insight {
namespace {

using store::MentionRow;

constexpr std::size_t quotes_max = 6, quote_bytes = 240, shared_words_max = 8;
constexpr std::int64_t after_mentions_min = 30;
constexpr std::chrono::hours after_min{168};

std::string percent(double share) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f %%", share * 100);
  return out;
}

void write(JsonWriter& out, const analysis::Interval& interval) {
  out.begin_object().key("value").rounded(interval.value, 4).key("low").rounded(interval.low, 4);
  out.key("high").rounded(interval.high, 4).end_object();
}

void write(JsonWriter& out, const char* key, const std::optional<Share>& share) {
  out.key(key);
  if (!share) {
    out.null();
    return;
  }
  const auto interval = share->interval();
  out.begin_object()
      .field("since", format_rfc3339(share->since))
      .field("until", format_rfc3339(share->until));
  out.field("mentions", share->mentions).field("of", share->of).key("share").rounded(interval.value, 4);
  out.key("low").rounded(interval.low, 4).key("high").rounded(interval.high, 4).end_object();
}

/// What most of them write about, by people.
std::vector<std::pair<std::string, std::int64_t>> words_of(const std::vector<const MentionRow*>& members,
                                                           const std::string& brand_name) {
  analysis::TermReader reader({brand_name});
  std::map<std::string, std::set<std::uint64_t>> people;
  std::map<std::string, std::map<std::string, int>> spellings;
  for (const auto* row : members)
    for (const auto& term : reader.terms(row->title + "\n" + row->text)) {
      people[term.key].insert(person_of(*row));
      ++spellings[term.key][term.word];
    }
  std::vector<std::pair<std::string, std::int64_t>> out;
  for (const auto& [key, who] : people) {
    const auto& words = spellings[key];
    const auto best = std::ranges::max_element(words, {}, [](const auto& entry) { return entry.second; });
    if (who.size() > 1) out.emplace_back(best->first, static_cast<std::int64_t>(who.size()));
  }
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.second > b.second; });
  if (out.size() > shared_words_max) out.resize(shared_words_max);
  return out;
}

void write_quotes(JsonWriter& out, const std::vector<const MentionRow*>& members) {
  out.key("quotes").begin_array();
  std::set<std::uint64_t> quoted;
  for (const auto* row : members) {
    if (quoted.size() == quotes_max || !quoted.insert(person_of(*row)).second) continue;
    out.begin_object()
        .field("mention", std::to_string(row->id.value))
        .field("at", format_rfc3339(row->created_at))
        .field("source", row->source);
    out.field("author", row->author_handle).field("url", row->url);
    out.field("text", analysis::tidy(row->text.empty() ? row->title : row->text, quote_bytes)).end_object();
  }
  out.end_array();
}

void write_sources(JsonWriter& out, const std::vector<const MentionRow*>& members) {
  std::map<std::string, std::int64_t> sources;
  for (const auto* row : members) ++sources[row->source];
  out.key("sources").begin_array();
  for (const auto& [name, count] : sources)
    out.begin_object().field("source", name).field("mentions", count).end_object();
  out.end_array();
}

std::string advice(const ClaimStory& story, const std::vector<std::pair<std::string, std::int64_t>>& words) {
  const auto share = story.share.interval();
  std::string out = "“" + story.claim.text + "”: " + percent(share.value) + " of what is said of " +
                    story.brand_name + " (" + percent(share.low) + " to " + percent(share.high) +
                    ") is people who expected something else from it.";
  if (story.before)
    out += " Of all mentions, " + percent(story.all.interval().value) + " say they were misled, " +
           percent(story.before->interval().value) + " did in the weeks before it.";
  std::string list;
  for (std::size_t i = 0; i < words.size() && i < 5; ++i) list += (i == 0 ? "" : ", ") + words[i].first;
  if (!list.empty()) out += " They write: " + list + ".";
  if (story.before_edit && story.after_edit)
    return out + " Since its words were changed: " + edit_verdict(*story.before_edit, *story.after_edit) +
           ".";
  return out +
         " Say where it stands what it does not cover, or change its words and enter the day: earshot " +
         "claim edit " + std::to_string(story.claim.id.value) + " --text …";
}

}  // namespace

std::uint64_t person_of(const store::MentionRow& row) {
  return row.author_key != 0 ? row.author_key : static_cast<std::uint64_t>(row.id.value);
}

bool ClaimStory::is_raised() const {
  return !before || analysis::difference(before->interval(), all.interval()).low > 0;
}

std::string edit_verdict(const Share& before, const Share& after) {
  if (after.until - after.since < after_min || after.of < after_mentions_min) return "too early";
  const auto change = analysis::difference(before.interval(), after.interval());
  if (change.high < 0) return "fell";
  return change.low > 0 ? "rose" : "no change yet";
}

std::string title_of(const ClaimStory& story, std::int64_t people) {
  return std::to_string(people) + (people == 1 ? " person says" : " people say") + " they were misled by “" +
         story.claim.text + "”" +
         (story.claim.campaign_name.empty() ? "" : " (" + story.claim.campaign_name + ")");
}

std::string details_of(const ClaimStory& story) {
  const auto& claim = story.claim;
  const auto words = words_of(story.members, story.brand_name);
  JsonWriter out;
  out.begin_object().field("version", 1).key("claim").begin_object();
  out.field("id", std::to_string(claim.id.value)).field("text", claim.text).field("product", claim.product);
  out.field("campaign", claim.campaign_name).field("url", claim.url).end_object();
  write(out, "share", story.share);
  write(out, "all", story.all);
  write(out, "before", story.before);
  out.key("change");
  story.before ? write(out, analysis::difference(story.before->interval(), story.all.interval()))
               : static_cast<void>(out.null());
  out.field("raised", story.before.has_value() && story.is_raised());
  out.key("edit");
  if (story.before_edit && story.after_edit) {
    out.begin_object().field("at", format_rfc3339(story.before_edit->until));
    write(out, "before", story.before_edit);
    write(out, "after", story.after_edit);
    out.key("change");
    write(out, analysis::difference(story.before_edit->interval(), story.after_edit->interval()));
    out.field("verdict", edit_verdict(*story.before_edit, *story.after_edit)).end_object();
  } else {
    out.null();
  }
  out.field("advice", advice(story, words)).key("words").begin_array();
  for (const auto& [word, people] : words)
    out.begin_object().field("word", word).field("people", people).end_object();
  out.end_array();
  // The newest first: they show how it stands now.
  auto newest = story.members;
  std::ranges::reverse(newest);
  write_quotes(out, newest);
  write_sources(out, story.members);
  return out.end_object().str();
}

std::string details_of(const std::vector<std::string>& words, const std::vector<const MentionRow*>& members) {
  JsonWriter out;
  out.begin_object().field("version", 1).key("claim").null().key("words").begin_array();
  for (const auto& word : words) {
    std::set<std::uint64_t> people;
    for (const auto* row : members)
      if (row->text.find(word) != std::string::npos || row->title.find(word) != std::string::npos)
        people.insert(person_of(*row));
    out.begin_object().field("word", word).field("people", static_cast<std::int64_t>(people.size()));
    out.end_object();
  }
  out.end_array();
  write_quotes(out, members);
  write_sources(out, members);
  return out.end_object().str();
}

}  // namespace earshot::insight
