// People's labels, and which mention to ask a person about next.
#include <algorithm>
#include <map>
#include <set>

#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr std::size_t review_max = 1'000;
constexpr const char* label_columns =
    "SELECT l.mention_id,l.brand_id,l.polarity,l.issues,l.top_issue,l.note,l.labelled_by,l.labelled_at,"
    "l.said_polarity,l.said_issues,l.said_confidence,l.said_version FROM label l ";

LabelRow read_label(const Statement::Use& use) {
  LabelRow row{.mention = MentionId{use.integer(0)},
               .brand = BrandId{use.integer(1)},
               .note = std::string(use.text(5)),
               .by = std::string(use.text(6)),
               .at = from_ms(use.integer(7)),
               .said_polarity = static_cast<Polarity>(use.integer(8)),
               .said_issues = static_cast<std::uint64_t>(use.integer(9)),
               .said_confidence = static_cast<double>(use.integer(10)) / 1000,
               .said_version = static_cast<std::uint32_t>(use.integer(11))};
  if (const auto polarity = use.optional_integer(2)) row.polarity = static_cast<Polarity>(*polarity);
  if (const auto issues = use.optional_integer(3)) row.issues = static_cast<std::uint64_t>(*issues);
  if (const auto top = use.optional_integer(4)) row.top_issue = static_cast<std::uint8_t>(*top);
  return row;
}

/// A mention nobody labelled, as choosing needs it.
struct Candidate {
  MentionId id = {};
  std::int64_t source = 0, polarity = 0, fingerprint = 0;
  std::int64_t confidence = 0;  ///< per mille: probability of the polarity the rules gave
};

/// One in eight: three bits of the id, which are a hash of the post's name. v_accuracy knows them too.
bool is_drawn(MentionId id) { return (id.value & 7) == 0; }

/// Another number of the same hash, so that those drawn come in an order of chance.
std::int64_t lot(const Candidate& candidate) { return candidate.id.value >> 3 & 0x7ffff; }

/// Of each source and polarity in turn the next by lot of those drawn, which tell how right the rules are
/// over all; and the least certain of the others, which teach most. Nobody is left out, and neither part
/// takes from the other.
std::vector<MentionId> choose(std::vector<Candidate> candidates, std::size_t limit) {
  std::ranges::stable_sort(candidates, {}, &Candidate::confidence);
  using Groups = std::map<std::pair<std::int64_t, std::int64_t>, std::vector<const Candidate*>>;
  Groups drawn, others;
  std::set<std::int64_t> texts;
  for (const auto& candidate : candidates) {
    const std::pair key(candidate.source, candidate.polarity);
    if (is_drawn(candidate.id))
      drawn[key].push_back(&candidate);
    else if (candidate.fingerprint == 0 || texts.insert(candidate.fingerprint).second)
      others[key].push_back(&candidate);
  }
  for (auto& [key, group] : drawn)
    std::ranges::stable_sort(group, {}, [](const auto* candidate) { return lot(*candidate); });
  std::vector<MentionId> out;
  for (std::size_t turn = 0; out.size() < limit; ++turn) {
    std::vector<const Candidate*> round;
    for (const auto& [key, group] : drawn)
      if (turn < group.size()) round.push_back(group[turn]);
    const auto by_lot = round.size();
    for (const auto& [key, group] : others)
      if (turn < group.size()) round.push_back(group[turn]);
    if (round.empty()) break;
    std::stable_sort(round.begin() + static_cast<std::ptrdiff_t>(by_lot), round.end(),
                     [](const auto* a, const auto* b) { return a->confidence < b->confidence; });
    for (const auto* candidate : round)
      if (out.size() < limit) out.push_back(candidate->id);
  }
  return out;
}

}  // namespace

std::string labels_sql() {
  return std::string(label_columns) +
         "WHERE l.brand_id=? AND EXISTS (SELECT 1 FROM mention m WHERE m.mention_id=l.mention_id AND m.text "
         "IS "
         "NOT NULL) ORDER BY l.labelled_at DESC,l.mention_id DESC LIMIT ?";
}

std::string review_sql() {
  return "SELECT v.mention_id,m.source_id,v.polarity,m.fingerprint,"
         "CASE v.polarity WHEN -1 THEN v.p_negative WHEN 1 THEN v.p_positive ELSE "
         "1000-v.p_negative-v.p_positive END "
         "FROM verdict v INDEXED BY verdict_brand CROSS JOIN mention m ON m.mention_id=v.mention_id "
         "WHERE v.brand_id=? AND v.labelled IS NULL AND v.polarity<>2 AND v.match<>2 AND (v.intents&" +
         std::to_string(std::uint64_t{1} << static_cast<unsigned>(Intent::spam)) +
         ")=0 AND m.text IS NOT NULL ORDER BY v.mention_id DESC LIMIT 2000";
}

Result<std::vector<LabelRow>> SqliteReader::labels(BrandId brand, std::size_t limit) {
  return rows_of<LabelRow>(
      database_, labels_sql(),
      [&](Statement::Use& use) { use.bind(brand.value).bind(static_cast<std::int64_t>(limit)); }, read_label);
}

Result<std::vector<LabelRow>> SqliteReader::labels_of(MentionId mention) {
  return rows_of<LabelRow>(
      database_, std::string(label_columns) + "WHERE l.mention_id=? ORDER BY l.brand_id",
      [&](Statement::Use& use) { use.bind(mention.value); }, read_label);
}

Result<std::vector<MentionRow>> SqliteReader::to_review(BrandId brand, std::size_t limit) {
  auto candidates = rows_of<Candidate>(
      database_, review_sql(), [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use& use) {
        return Candidate{.id = MentionId{use.integer(0)},
                         .source = use.integer(1),
                         .polarity = use.integer(2),
                         .fingerprint = use.integer(3),
                         .confidence = use.integer(4)};
      });
  if (!candidates) return unexpected(candidates.error());
  std::vector<MentionRow> out;
  for (const auto id : choose(std::move(*candidates), std::min(limit, review_max))) {
    auto rows = mention(id);
    if (!rows) return rows;
    for (auto& row : *rows)
      if (row.verdict.brand == brand) out.push_back(std::move(row));
  }
  return out;
}

}  // namespace earshot::store::sqlite
