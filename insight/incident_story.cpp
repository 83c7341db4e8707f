#include "insight/incident_story.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/content/sentences.hpp"
#include "analysis/content/terms.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"

namespace earshot::insight {
namespace {

constexpr std::size_t reasons_max = 5, title_issues_max = 3, words_max = 8, exemplars_max = 5,
                      hours_max = 168, phrase_words_max = 6, phrase_words_min = 3;
constexpr std::size_t clip_bytes = 200;
constexpr double word_share_min = 0.1;

using Words = std::vector<std::string>;

/// Lower-case words of a clause; "4.2" and "can't" stay whole, a mark at a word's end closes the phrase
/// (empty word).
Words clause_words(std::string_view text) {
  Words out;
  const auto folded = fold_case(squeeze_space(text));
  for (auto word : split(folded, ' ')) {
    while (!word.empty() && std::string_view("\"'(#*_").find(word.front()) != std::string_view::npos)
      word.remove_prefix(1);
    bool closes = false;
    while (!word.empty() && std::string_view(".,;:!?)\"'*_").find(word.back()) != std::string_view::npos) {
      closes = true;
      word.remove_suffix(1);
    }
    if (word.starts_with('@') || word.find("://") != std::string_view::npos) word = {};
    out.emplace_back(word);
    if (closes && !word.empty()) out.emplace_back();
  }
  return out;
}

bool opens_reason(const std::string& word) { return word == "since" || word == "because" || word == "after"; }

/// Every prefix, of three to six words, of every phrase that gives a reason.
void add_phrases(std::string_view text, std::set<std::string>& out) {
  const auto words = clause_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!opens_reason(words[i])) continue;
    std::string phrase = words[i];
    for (std::size_t n = 1; n < phrase_words_max && i + n < words.size() && !words[i + n].empty(); ++n) {
      phrase += ' ' + words[i + n];
      if (n + 1 >= phrase_words_min) out.insert(phrase);
    }
  }
}

/// Words of the members by how many authors use them.
std::vector<Reason> key_words(const StoryInput& input) {
  analysis::TermReader reader({input.brand_name});
  std::map<std::string, std::set<std::uint64_t>> authors;
  std::map<std::string, std::map<std::string, int>> spellings;
  for (const auto& mention : input.mentions)
    for (const auto& term : reader.terms(mention.text)) {
      authors[term.key].insert(mention.author_key);
      ++spellings[term.key][term.word];
    }
  std::vector<Reason> out;
  const double least = std::max(2.0, word_share_min * static_cast<double>(input.incident.authors));
  for (const auto& [key, who] : authors) {
    if (static_cast<double>(who.size()) < least) continue;
    const auto commonest =
        std::ranges::max_element(spellings[key], {}, [](const auto& entry) { return entry.second; });
    out.push_back({.phrase = commonest->first, .authors = static_cast<int>(who.size())});
  }
  std::ranges::stable_sort(out, [](const Reason& a, const Reason& b) { return a.authors > b.authors; });
  if (out.size() > words_max) out.resize(words_max);
  return out;
}

/// Who says most of what the others say, one per author; the first report always leads.
std::vector<const store::MentionRow*> exemplars(const StoryInput& input, const std::vector<Reason>& words) {
  std::vector<std::pair<double, const store::MentionRow*>> ranked;
  for (const auto& mention : input.mentions) {
    const auto folded = fold_case(mention.text);
    double score = 0;
    for (const auto& word : words)
      if (folded.find(word.phrase) != std::string::npos) score += word.authors;
    ranked.emplace_back(score + std::log10(1 + static_cast<double>(std::max<std::int64_t>(mention.reach, 0))),
                        &mention);
  }
  if (ranked.size() > 1)
    std::ranges::stable_sort(ranked.begin() + 1, ranked.end(),
                             [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const store::MentionRow*> out;
  std::set<std::uint64_t> seen;
  for (const auto& [score, mention] : ranked)
    if (out.size() < exemplars_max && seen.insert(mention->author_key).second) out.push_back(mention);
  return out;
}

std::string time_text(std::int64_t ms) { return format_rfc3339(from_ms(ms)); }

void write(JsonWriter& out, const char* name, const Arithmetic& a, std::int64_t gap_hours) {
  const auto& d = a.deviation;
  out.key(name).begin_object().field("at", time_text(a.at_ms)).field("window_minutes", 60);
  out.key("observed")
      .rounded(d.observed, 0)
      .key("expected")
      .rounded(d.expected, 3)
      .key("spread")
      .rounded(d.spread, 3);
  out.key("threshold").rounded(d.threshold, 3).key("ratio").rounded(d.ratio, 2).key("z").rounded(d.z, 2);
  out.field("weeks", a.weeks)
      .field("hours", a.samples)
      .field("warm_up", a.warm_up)
      .field("gap_hours_left_out", gap_hours);
  out.end_object();
}

void write(JsonWriter& out, const char* name, const char* what, const std::vector<Reason>& list) {
  out.key(name).begin_array();
  for (const auto& item : list)
    out.begin_object().field(what, item.phrase).field("authors", item.authors).end_object();
  out.end_array();
}

void write_hours(JsonWriter& out, const StoryInput& input) {
  std::map<std::int64_t, std::set<std::uint64_t>> hours;
  for (const auto member : input.incident.members) {
    const auto& trouble = input.troubles[member];
    if (!trouble.echo) hours[trouble.at_ms / 3'600'000].insert(trouble.author);
  }
  out.key("hours").begin_array();
  std::size_t written = 0;
  for (const auto& [hour, authors] : hours) {
    if (++written > hours_max) break;
    out.begin_object()
        .field("hour_at", time_text(hour * 3'600'000))
        .field("authors", static_cast<std::int64_t>(authors.size()))
        .end_object();
  }
  out.end_array();
}

std::size_t write_sources(JsonWriter& out, const std::vector<store::MentionRow>& mentions) {
  std::map<std::string, std::pair<std::int64_t, std::set<std::uint64_t>>> sources;
  for (const auto& mention : mentions) {
    ++sources[mention.source].first;
    sources[mention.source].second.insert(mention.author_key);
  }
  out.key("sources").begin_array();
  for (const auto& [name, counts] : sources)
    out.begin_object()
        .field("source", name)
        .field("mentions", counts.first)
        .field("authors", static_cast<std::int64_t>(counts.second.size()))
        .end_object();
  out.end_array();
  return sources.size();
}

}  // namespace

std::vector<Reason> shared_reasons(const std::vector<store::MentionRow>& mentions,
                                   const std::string& brand_name) {
  analysis::TermReader reader({brand_name});
  std::map<std::string, std::set<std::uint64_t>> authors;
  for (const auto& mention : mentions) {
    std::set<std::string> phrases;
    for (const auto sentence : analysis::sentences(mention.text)) add_phrases(sentence, phrases);
    for (const auto& phrase : phrases) authors[phrase].insert(mention.author_key);
  }
  std::vector<Reason> out;
  for (const auto& entry : authors) {
    // Not a structured binding: clang 14 cannot capture one.
    const auto& phrase = entry.first;
    const auto& who = entry.second;
    // "because fernwave is" gives no reason: there must be a word that means something.
    if (who.size() < 2 || reader.terms(phrase).empty()) continue;
    // The longer form says more: keep it unless it loses three in ten of those who said the shorter one.
    bool shadowed = false, extends = false;
    const auto longer = phrase + ' ';  // those that begin with it stand together
    for (auto other = authors.lower_bound(longer); other != authors.end() && other->first.starts_with(longer);
         ++other)
      shadowed = shadowed || (other->second.size() >= 2 && static_cast<double>(other->second.size()) >=
                                                               0.7 * static_cast<double>(who.size()));
    for (auto space = phrase.find(' '); space != std::string::npos; space = phrase.find(' ', space + 1))
      if (const auto shorter = authors.find(phrase.substr(0, space)); shorter != authors.end())
        extends =
            extends || static_cast<double>(who.size()) < 0.7 * static_cast<double>(shorter->second.size());
    if (!shadowed && !extends) out.push_back({.phrase = phrase, .authors = static_cast<int>(who.size())});
  }
  std::ranges::stable_sort(out, [](const Reason& a, const Reason& b) { return a.authors > b.authors; });
  if (out.size() > reasons_max) out.resize(reasons_max);
  return out;
}

int Severity::score() const {
  return std::clamp(static_cast<int>(std::lround(1 + height + duration + echoes + sources)), 1, 10);
}

Severity severity_of(const FoundIncident& incident, std::size_t sources) {
  const auto& peak = incident.peak.deviation;
  const double hours = static_cast<double>(incident.last_ms - incident.started_ms) / 3'600'000;
  return {.height = std::clamp(1.5 * std::log2(std::max(peak.observed / std::max(peak.threshold, 1.0), 1.0)),
                               0.0, 4.0),
          .duration = std::clamp(hours / 3, 0.0, 2.0),
          .echoes = std::clamp(std::log10(1 + static_cast<double>(incident.echoes)), 0.0, 2.0),
          .sources = sources >= 3 ? 1.0 : 0.0};
}

Story tell(const StoryInput& input) {
  const auto& incident = input.incident;
  const auto reasons = shared_reasons(input.mentions, input.brand_name);
  const auto words = key_words(input);
  Story out;
  for (std::size_t i = 0; i < input.issue_names.size() && i < title_issues_max; ++i)
    out.title += (i == 0 ? "" : ", ") + input.issue_names[i];
  std::string list;
  for (std::size_t i = 0; i < words.size() && i < 4; ++i) list += (i == 0 ? "" : ", ") + words[i].phrase;
  // A reason that only a few give belongs into the details, not into the headline.
  const bool told =
      !reasons.empty() && reasons.front().authors >= std::max<std::int64_t>(3, incident.authors / 20);
  if (told) out.title += ": " + reasons.front().phrase;
  if (!list.empty()) out.title += told ? " (" + list + ")" : ": " + list;

  JsonWriter json;
  json.begin_object().field("version", 1).key("issues").begin_array();
  for (const auto& name : input.issue_names) json.value(name);
  json.end_array();
  write(json, "arithmetic", incident.fired, input.gap_hours);
  write(json, "peak", incident.peak, input.gap_hours);
  write_hours(json, input);
  const auto sources = write_sources(json, input.mentions);
  const auto severity = severity_of(incident, sources);
  out.severity = severity.score();
  json.key("severity").begin_object().field("score", out.severity).key("height").rounded(severity.height, 2);
  json.key("duration")
      .rounded(severity.duration, 2)
      .key("echoes")
      .rounded(severity.echoes, 2)
      .key("sources")
      .rounded(severity.sources, 0);
  json.end_object();
  write(json, "reasons", "phrase", reasons);
  write(json, "words", "word", words);
  json.key("exemplars").begin_array();
  for (const auto* mention : exemplars(input, words)) {
    json.begin_object()
        .field("mention", std::to_string(mention->id.value))
        .field("at", format_rfc3339(mention->created_at));
    json.field("source", mention->source).field("author", mention->author_handle).field("url", mention->url);
    json.field("text", analysis::tidy(mention->text, clip_bytes)).end_object();
  }
  json.end_array().end_object();
  out.details = json.str();
  return out;
}

}  // namespace earshot::insight
