#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_set>

#include "analysis/content/question_clusters.hpp"
#include "analysis/content/sentences.hpp"
#include "analysis/content/terms.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"
#include "core/model/identity.hpp"
#include "insight/dialogue.hpp"
#include "insight/history.hpp"
#include "insight/idea_answers.hpp"
#include "insight/memory.hpp"

namespace earshot::insight {
namespace {

using Mentions = std::vector<store::MentionRow>;

constexpr int weeks = 8;
constexpr std::chrono::hours week_span{168};
constexpr std::size_t questions_max = 10'000;  ///< newest first; clustering takes about a second
constexpr std::size_t ideas_max = 200, quotes_max = 6, quote_bytes = 240, key_terms = 3;
constexpr std::size_t askers_min = 3;
/// The trend moves an idea by at most half: what has been asked for two months outlives the talk of a week.
constexpr double trend_max = 0.5, trend_min = -0.5;

std::unordered_set<std::int64_t> answered_ids(const Dialogue& dialogue) {
  std::unordered_set<std::int64_t> out;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i)
    if (dialogue.answers[i].own) out.insert(dialogue.rows[i].id.value);
  return out;
}

/// A complaint in the shape of a question ("is anybody there?") asks for help, not for an article.
bool wants_content(const store::MentionRow& row) {
  return !row.verdict.complaint || row.verdict.has(IssueType::how_to);
}

struct Facts {
  std::int64_t unanswered = 0;
  std::vector<std::int64_t> per_week = std::vector<std::int64_t>(weeks, 0);  ///< oldest first
  std::map<std::string, std::int64_t> sources = {};
  std::set<std::uint64_t> askers = {};
  double trend = 0;
};

std::uint64_t asker(const store::MentionRow& row) {
  return row.author_key != 0 ? row.author_key : static_cast<std::uint64_t>(row.id.value);
}

Facts gather(const analysis::QuestionCluster& cluster, const Mentions& questions,
             const std::unordered_set<std::int64_t>& answered, Timestamp now) {
  Facts out;
  for (const auto member : cluster.members) {
    const auto& row = questions[member];
    out.askers.insert(asker(row));
    ++out.sources[row.source];
    if (!answered.contains(row.id.value)) ++out.unanswered;
    const auto age = (now - identity::time_of(row.id)) / std::chrono::duration_cast<Milliseconds>(week_span);
    if (age >= 0 && age < weeks) ++out.per_week[static_cast<std::size_t>(weeks - 1 - age)];
  }
  const auto recent = out.per_week[weeks - 1] + out.per_week[weeks - 2],
             before = out.per_week[weeks - 3] + out.per_week[weeks - 4];
  // One is added to both, so that a question that is new has a ratio and a single one is no explosion.
  out.trend = static_cast<double>(recent + 1) / static_cast<double>(before + 1) - 1;
  return out;
}

/// Askers weigh, and wordings: what people ask in their own words each is a need, the same words again may be
/// a copy or a set phrase. What grows and what nobody answered weighs more. An answered question still counts
/// half: the answer in a thread is not found by the next one who asks.
double score_of(const Facts& facts, const analysis::QuestionCluster& cluster) {
  const double unanswered =
      static_cast<double>(facts.unanswered) / static_cast<double>(cluster.members.size());
  const double need =
      std::sqrt(static_cast<double>(facts.askers.size()) * static_cast<double>(cluster.wordings));
  return need * (1 + std::clamp(facts.trend, trend_min, trend_max)) * (0.5 + 0.5 * unanswered);
}

/// The weightiest terms in alphabetical order: they stay when members are added, while their order may not.
std::string key_of(const analysis::QuestionCluster& cluster) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < cluster.terms.size() && i < key_terms; ++i)
    parts.push_back(analysis::TermReader::is_concept(cluster.terms[i]) ? cluster.terms[i].substr(1)
                                                                       : cluster.terms[i]);
  std::ranges::sort(parts);
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : "-") + part;
  return out.empty() ? "question" : out;
}

std::string details_of(const analysis::QuestionCluster& cluster, const Facts& facts,
                       const Mentions& questions) {
  JsonWriter out;
  out.begin_object().field("version", 1).field("question", cluster.label);
  out.key("cohesion").rounded(cluster.cohesion, 3).key("quotes").begin_array();
  std::set<std::uint64_t> quoted;
  for (const auto member : cluster.members) {
    const auto& row = questions[member];
    if (quoted.size() == quotes_max || !quoted.insert(asker(row)).second) continue;
    out.begin_object()
        .field("mention", std::to_string(row.id.value))
        .field("at", format_rfc3339(row.created_at))
        .field("source", row.source);
    out.field("author", row.author_handle).field("url", row.url);
    out.field("text", analysis::tidy(row.title.empty() || row.text.starts_with(row.title)
                                         ? row.text
                                         : row.title + " " + row.text,
                                     quote_bytes));
    out.end_object();
  }
  out.end_array().key("terms").begin_array();
  for (const auto& word : cluster.words) out.value(word);
  out.end_array().key("per_week").begin_array();
  for (const auto count : facts.per_week) out.value(count);
  out.end_array().key("sources").begin_array();
  for (const auto& [name, count] : facts.sources)
    out.begin_object().field("source", name).field("mentions", count).end_object();
  out.end_array().key("score").begin_object().field("askers", static_cast<std::int64_t>(facts.askers.size()));
  out.field("wordings", static_cast<std::int64_t>(cluster.wordings)).key("trend").rounded(facts.trend, 3);
  out.key("unanswered_share")
      .rounded(static_cast<double>(facts.unanswered) / static_cast<double>(cluster.members.size()), 3);
  out.end_object().end_object();
  return out.str();
}

/// An idea that somebody may have taken up keeps its key when its terms shift: the one with which it shares
/// most members, and at least half of those that are still in the span.
std::string kept_key(const store::IdeaRow& row, std::vector<store::IdeaRow>& known, Timestamp since) {
  const std::set<MentionId> members(row.members.begin(), row.members.end());
  auto best = known.end();
  std::int64_t most = 0;
  for (auto at = known.begin(); at != known.end(); ++at) {
    const auto in_span =
        std::ranges::count_if(at->members, [&](MentionId id) { return identity::time_of(id) >= since; });
    const auto shared =
        std::ranges::count_if(at->members, [&](MentionId id) { return members.contains(id); });
    if (shared > most && shared * 2 >= in_span) {
      most = shared;
      best = at;
    }
  }
  if (best == known.end()) return {};
  auto key = best->key;
  known.erase(best);
  return key;
}

/// How often it was asked on each day of the span, the days of silence among them.
std::vector<std::pair<Timestamp, std::int64_t>> days_of(const std::vector<MentionId>& members,
                                                        Timestamp since, Timestamp now) {
  std::map<Timestamp, std::int64_t> out;
  for (Timestamp day = std::chrono::ceil<std::chrono::days>(since); day < now; day += std::chrono::days(1))
    out[day] = 0;
  for (const auto member : members) {
    const auto found = out.find(std::chrono::floor<std::chrono::days>(identity::time_of(member)));
    if (found != out.end()) ++found->second;
  }
  return {out.begin(), out.end()};
}

/// Terms that two or more of the questions share.
std::set<std::string> topic_of(const std::vector<MentionId>& members, const Mentions& questions,
                               analysis::TermReader& reader) {
  const std::set<MentionId> wanted(members.begin(), members.end());
  std::map<std::string, int> count;
  for (const auto& row : questions) {
    if (!wanted.contains(row.id)) continue;
    std::set<std::string> seen;
    for (auto& term : reader.terms(row.title + "\n" + row.text)) seen.insert(std::move(term.key));
    for (const auto& key : seen) ++count[key];
  }
  std::set<std::string> out;
  for (const auto& [key, n] : count)
    if (n > 1 || wanted.size() == 1) out.insert(key);
  return out;
}

/// A reply that shares no word of the topic, or takes the talk elsewhere, answers nothing in public.
Result<bool> speaks_of(const std::set<std::string>& topic, MentionId id, store::Reader& store,
                       analysis::TermReader& reader) {
  const auto rows = store.mention(id);
  if (!rows) return rows.error().kind == ErrorKind::invalid ? Result<bool>(false) : unexpected(rows.error());
  const auto said = reader.terms(rows->front().text);
  // "DM us": what is answered there is not public.
  const bool elsewhere = std::ranges::any_of(said, [](const auto& term) { return term.key == "dm"; });
  return !elsewhere && std::ranges::any_of(said, [&](const auto& term) { return topic.contains(term.key); });
}

/// Somebody wants to know how it goes on with this one.
bool is_followed(const store::IdeaRow& row) { return row.state == "published"; }

/// What is followed stays in sight also when hardly anybody asks it any more: that is what one hoped for.
void follow(std::vector<store::IdeaRow>& out, std::vector<store::IdeaRow>& rare,
            std::vector<store::IdeaRow>& left, std::set<std::string>& taken,
            std::pair<Timestamp, Timestamp> span) {
  std::erase_if(left, [](const auto& row) { return !is_followed(row); });
  for (auto& row : rare) {
    if (left.empty()) return;
    auto key = kept_key(row, left, span.first);
    if (key.empty() || !taken.insert(key).second) continue;
    row.key = std::move(key);
    out.push_back(std::move(row));
  }
  for (auto& row : left) {
    if (!taken.insert(row.key).second) continue;
    row.asked_days = days_of(row.members, span.first, span.second);
    out.push_back(std::move(row));
  }
}

}  // namespace

Result<std::vector<store::IdeaRow>> idea_job(const JobInput& input, const Dialogue& dialogue) {
  const auto since = input.now - weeks * week_span;
  const store::HistoryPage page{.brand = input.brand, .since = since, .until = input.now};
  auto questions = read_back<store::MentionRow>(page, questions_max,
                                                [&](const auto& p) { return input.reader.questions(p); });
  if (!questions) return unexpected(questions.error());
  std::erase_if(*questions, [](const auto& row) { return !wants_content(row); });
  const auto answered = answered_ids(dialogue);
  auto known = input.reader.ideas(input.brand, 1000);
  if (!known) return unexpected(known.error());
  auto brands = input.reader.brands();
  if (!brands) return unexpected(brands.error());

  std::vector<analysis::Question> asked;
  for (const auto& row : *questions)
    asked.push_back({.title = row.title, .text = row.text, .lang = row.verdict.lang});
  analysis::ClusterOptions options;
  for (const auto& brand : *brands) options.names.push_back(brand.name);
  options.names.insert(options.names.end(), input.names.begin(), input.names.end());

  std::vector<store::IdeaRow> out, rare;
  const IdeaAnswers answers(dialogue);
  for (const auto& cluster : clusters_of(asked, options, input.memory ? &input.memory->questions : nullptr)) {
    const auto facts = gather(cluster, *questions, answered, input.now);
    store::IdeaRow row{.brand = input.brand,
                       .key = key_of(cluster),
                       .state = "new",
                       .title = cluster.label,
                       .askers = static_cast<std::int64_t>(facts.askers.size()),
                       .mentions = static_cast<std::int64_t>(cluster.members.size()),
                       .unanswered = facts.unanswered,
                       .trend = facts.trend,
                       .score = score_of(facts, cluster),
                       .details = details_of(cluster, facts, *questions)};
    for (const auto member : cluster.members) row.members.push_back((*questions)[member].id);
    std::ranges::sort(row.members);
    row.first_at = identity::time_of(row.members.front());
    row.last_at = identity::time_of(row.members.back());
    row.asked_days = days_of(row.members, since, input.now);
    (facts.askers.size() < askers_min ? rare : out).push_back(std::move(row));
  }
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.score > b.score; });
  if (out.size() > ideas_max) out.resize(ideas_max);
  std::set<std::string> taken;
  std::vector<store::IdeaRow*> fresh;
  for (auto& row : out) {
    auto key = kept_key(row, *known, since);
    if (key.empty())
      fresh.push_back(&row);
    else
      taken.insert(row.key = std::move(key));
  }
  for (auto* row : fresh) {
    const auto base = row->key;
    for (int n = 2; !taken.insert(row->key).second; ++n) row->key = base + "-" + std::to_string(n);
  }
  follow(out, rare, *known, taken, {since, input.now});
  analysis::TermReader reader(options.names);
  for (auto& row : out) {
    const auto topic = topic_of(row.members, *questions, reader);
    for (const auto& answer : answers.ranked(row.members)) {
      auto fits = speaks_of(topic, answer.mention, input.reader, reader);
      if (!fits) return unexpected(fits.error());
      if (!*fits) continue;
      row.answer = answer;
      break;
    }
  }
  return out;
}

}  // namespace earshot::insight
