#include "insight/wording.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "analysis/content/phrases.hpp"
#include "analysis/series/proportion.hpp"
#include "core/base/hash.hpp"
#include "core/model/identity.hpp"
#include "insight/dialogue.hpp"
#include "insight/history.hpp"
#include "insight/memory.hpp"

namespace earshot::insight {
namespace {

using std::chrono::days;

constexpr std::size_t customers_max = 20'000, own_max = 5'000, heard_max = 60'000;
constexpr std::size_t quoted_max = 50, moves_max = 200;
constexpr std::int64_t glossary_people_min = 3, move_people_min = 5, weeks_max = 8, moved_weeks_min = 4;
constexpr std::size_t copy_bytes = 40;  ///< as of incidents: shorter texts are alike by chance
/// z of a two-sided interval of 99.9 %: thousands of phrases are tried.
constexpr double z999 = 3.290527;

/// Tells copies from what is said for the first time.
class SeenTexts {
 public:
  bool is_copy(std::uint64_t fingerprint, std::size_t bytes) {
    return fingerprint != 0 && bytes >= copy_bytes && !heard_.insert(fingerprint).second;
  }

 private:
  std::unordered_set<std::uint64_t> heard_;
};

std::uint64_t writer_of(std::uint64_t author_key, MentionId id) {
  return author_key != 0 ? author_key : static_cast<std::uint64_t>(id.value);
}

std::vector<std::string> names_of_brand(const JobInput& input) {
  auto names = input.names;
  names.push_back(input.brand_name);
  return names;
}

/// What was read, and whose it is.
struct Said {
  MentionId id = {};
  std::uint64_t author = 0;
  std::size_t group = 0;
  std::string text = {};
};

std::vector<analysis::Wording> wordings(const std::vector<Said>& said) {
  std::vector<analysis::Wording> out;
  out.reserve(said.size());
  for (const auto& one : said) out.push_back({.text = one.text, .author = one.author, .group = one.group});
  return out;
}

/// Newest first, until `rows_max` are read; copies are counted and left out.
Status read_said(store::Reader& reader, store::MentionFilter filter, std::size_t rows_max, std::size_t group,
                 std::vector<Said>& out, Glossary& counts) {
  SeenTexts copies;
  filter.limit = 1000;
  for (std::size_t read = 0; read < rows_max;) {
    auto rows = reader.mentions(filter);
    if (!rows) return unexpected(rows.error());
    for (auto& row : *rows) {
      if (row.deleted || row.text.empty()) continue;
      if (group == 0) ++counts.mentions;
      if (copies.is_copy(row.fingerprint, row.text.size())) {
        if (group == 0) ++counts.echoes;
        continue;
      }
      // The brand is one author: of its own posts each counts.
      const auto author =
          group == 0 ? writer_of(row.author_key, row.id) : static_cast<std::uint64_t>(row.id.value);
      out.push_back({.id = row.id,
                     .author = author,
                     .group = group,
                     .text = row.title.empty() ? std::move(row.text) : row.title + "\n" + row.text});
    }
    read += rows->size();
    if (rows->size() < filter.limit) break;
    filter.before = rows->back().id;
  }
  return Done{};
}

/// Distinct authors by group.
std::vector<std::int64_t> people_of(const std::vector<Said>& said, std::size_t groups) {
  std::vector<std::set<std::uint64_t>> people(groups);
  for (const auto& one : said) people[one.group].insert(one.author);
  std::vector<std::int64_t> out;
  for (const auto& group : people) out.push_back(std::ssize(group));
  return out;
}

/// What was said by week: 0 is the last one, which begins at `week_at`; and from when on it is complete.
struct Weeks {
  Timestamp since = {};
  std::vector<Said> said = {};
};

Result<Weeks> read_weeks(const JobInput& input, Timestamp since, Timestamp week_at, Timestamp until) {
  const store::HistoryPage page{.brand = input.brand, .since = since, .until = until};
  auto rows =
      read_back<store::ContactRow>(page, heard_max, [&](const auto& p) { return input.reader.contacts(p); });
  if (!rows) return unexpected(rows.error());
  SeenTexts copies;
  Weeks out{.since = since};
  if (rows->size() >= heard_max) out.since = identity::time_of(rows->front().id);
  for (auto& row : *rows) {
    if (is_own(row) || row.article || row.text.empty()) continue;
    if (copies.is_copy(row.fingerprint, row.text.size())) continue;
    const auto at = identity::time_of(row.id);
    const auto group = at >= week_at ? 0 : 1 + (week_at - at - Milliseconds(1)) / Milliseconds(days(7));
    out.said.push_back({.id = row.id,
                        .author = writer_of(row.author_key, row.id),
                        .group = static_cast<std::size_t>(group),
                        .text = std::move(row.text)});
  }
  return out;
}

struct Move {
  store::TermMoveRow row = {};
  std::vector<std::size_t> texts = {};  ///< that have the term, as in `Weeks::said`
};

/// What rises only because it is named along with what rises more says nothing of its own: the town where the
/// repair café was. Left are those that rise beyond chance also without the texts of the risers before them.
void drop_explained(std::vector<Move>& moves, const std::vector<Said>& said) {
  std::unordered_set<std::size_t> told;
  std::erase_if(moves, [&](const Move& move) {
    const auto& row = move.row;
    if (row.direction != "rising") return false;
    std::unordered_set<std::uint64_t> writers;
    for (const auto i : move.texts)
      if (said[i].group == 0 && !told.contains(i)) writers.insert(said[i].author);
    const auto ratio = analysis::rate_ratio(row.authors_before, static_cast<double>(row.people_before),
                                            static_cast<std::int64_t>(writers.size()),
                                            static_cast<double>(row.people), z999);
    if (ratio.low <= 1) return true;
    told.insert(move.texts.begin(), move.texts.end());
    return false;
  });
}

/// What moved in the week before `until` against the `weeks` whole weeks before that, from `first` on.
Result<std::vector<store::TermMoveRow>> find_moves(const JobInput& input, Timestamp first, Timestamp week_at,
                                                   Timestamp until, std::int64_t weeks) {
  std::vector<store::TermMoveRow> out;
  std::vector<Move> moves;
  auto heard = read_weeks(input, first, week_at, until);
  if (!heard) return unexpected(heard.error());
  // A busy brand's history is cut off where it is too long: the rest of that week is none.
  weeks = std::min<std::int64_t>(weeks, (week_at - heard->since) / Milliseconds(days(7)));
  if (weeks < moved_weeks_min) return out;
  auto& said = heard->said;
  std::erase_if(said, [&](const auto& one) { return one.group > static_cast<std::size_t>(weeks); });
  const auto groups = static_cast<std::size_t>(weeks) + 1;
  const auto people = people_of(said, groups);
  std::int64_t people_before = 0;
  for (std::size_t i = 1; i < groups; ++i) people_before += people[i];
  if (people[0] == 0 || people_before == 0) return out;
  analysis::PhraseReader reader(names_of_brand(input));
  auto counts = analysis::count_phrases(wordings(said), groups, move_people_min, reader);
  analysis::drop_contained(counts);
  for (const auto& count : counts) {
    std::int64_t before = 0;
    for (std::size_t i = 1; i < groups; ++i) before += count.authors[i];
    const auto ratio = analysis::rate_ratio(before, static_cast<double>(people_before), count.authors[0],
                                            static_cast<double>(people[0]), z999);
    const bool rises = ratio.low > 1 && count.authors[0] >= move_people_min;
    const bool falls = ratio.high < 1 && before >= move_people_min * weeks;
    if (!rises && !falls) continue;
    store::TermMoveRow row{.term = count.phrase.text,
                           .kind = std::string(to_string(count.phrase.kind)),
                           .direction = rises ? "rising" : "falling",
                           .week_at = week_at,
                           .authors = count.authors[0],
                           .people = people[0],
                           .authors_before = before,
                           .people_before = people_before,
                           .weeks_before = weeks,
                           .ratio = ratio.value,
                           .low = ratio.low,
                           .high = ratio.high};
    for (auto i = count.texts.rbegin(); i != count.texts.rend() && row.mentions.size() < quoted_max; ++i)
      if (said[*i].group == 0 || falls) row.mentions.push_back(said[*i].id);
    std::ranges::sort(row.mentions);
    moves.push_back({.row = std::move(row), .texts = count.texts});
  }
  std::ranges::stable_sort(moves, [](const auto& a, const auto& b) {
    const auto far = [](const auto& row) {
      return row.direction == "rising" ? row.low : 1 / std::max(row.high, 1e-9);
    };
    return far(a.row) > far(b.row);
  });
  drop_explained(moves, said);
  for (auto& move : moves)
    if (out.size() < moves_max) out.push_back(std::move(move.row));
  return out;
}

}  // namespace

Result<Glossary> make_glossary(const JobInput& input, const GlossaryQuestion& question) {
  Glossary out;
  std::vector<Said> said;
  store::MentionFilter customers{.brand = input.brand,
                                 .since = question.since,
                                 .until = question.until,
                                 .issue = question.issue,
                                 .no_issue = question.no_issue,
                                 .counted = true,
                                 .product = question.product};
  const store::MentionFilter own{
      .brand = input.brand, .since = question.since, .until = question.until, .own = true};
  auto status = read_said(input.reader, customers, customers_max, 0, said, out);
  if (status) status = read_said(input.reader, own, own_max, 1, said, out);
  if (!status) return unexpected(status.error());
  const auto people = people_of(said, 2);
  out.people = people[0];
  out.own_posts = people[1];
  analysis::PhraseReader reader(names_of_brand(input));
  auto counts = analysis::count_phrases(wordings(said), 2, glossary_people_min, reader);
  std::erase_if(counts, [](const auto& count) { return count.authors[0] < glossary_people_min; });
  analysis::drop_contained(counts);
  for (const auto& count : counts) {
    GlossaryTerm term{
        .term = count.phrase.text,
        .kind = std::string(to_string(count.phrase.kind)),
        .authors = count.authors[0],
        .own_posts = count.authors[1],
        .share = static_cast<double>(count.authors[0]) / static_cast<double>(out.people),
        .weight = analysis::log_odds(count.authors[0], out.people, count.authors[1], out.own_posts)};
    for (const auto i : count.texts)
      if (said[i].group == 0 && term.mentions.size() < quoted_max) term.mentions.push_back(said[i].id);
    out.terms.push_back(std::move(term));
  }
  std::ranges::stable_sort(out.terms, [](const auto& a, const auto& b) { return a.weight > b.weight; });
  if (out.terms.size() > question.limit) out.terms.resize(question.limit);
  return out;
}

Result<std::vector<store::TermMoveRow>> term_job(const JobInput& input) {
  const Timestamp until = std::chrono::floor<days>(input.now), week_at = until - days(7);
  std::vector<store::TermMoveRow> out;
  const auto extent = input.reader.extent();
  if (!extent) return unexpected(extent.error());
  if (!*extent) return out;
  // Only whole weeks that could be heard from their beginning on.
  const auto weeks = std::min<std::int64_t>(weeks_max, (week_at - (*extent)->first) / Milliseconds(days(7)));
  if (weeks < moved_weeks_min) return out;
  // Of whole days: what came in today changes nothing.
  const auto first = week_at - days(7 * weeks);
  const auto marks = input.reader.content().day_marks(input.brand, first, until);
  if (!marks) return unexpected(marks.error());
  auto made_of =
      hash64(std::to_string(to_ms(first)) + " " + std::to_string(to_ms(until)), hash_of_names(input));
  for (const auto& mark : *marks) made_of = hash64(std::to_string(mark.mark), made_of);
  if (input.memory && input.memory->moved == made_of) return input.memory->moves;
  auto found = find_moves(input, first, week_at, until, weeks);
  if (found && input.memory) {
    input.memory->moved = made_of;
    input.memory->moves = *found;
  }
  return found;
}

}  // namespace earshot::insight
