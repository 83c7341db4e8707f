#include "insight/concerns.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/base/hash.hpp"
#include "insight/history.hpp"
#include "insight/incident_detect.hpp"

namespace earshot::insight {
namespace {

using store::MentionRow;

constexpr std::size_t remembered_concerns_max = 200'000;
/// The same words within a week are a copy, as in incidents.
constexpr std::chrono::hours copy_span{168};

constexpr std::uint64_t bits_of(std::initializer_list<IssueType> types) {
  std::uint64_t mask = 0;
  for (const auto type : types) mask |= std::uint64_t{1} << static_cast<unsigned>(type);
  return mask;
}
constexpr std::uint64_t worth =
    bits_of({IssueType::expectation_gap, IssueType::price, IssueType::billing, IssueType::refund,
             IssueType::product_quality, IssueType::other, IssueType::how_to, IssueType::customer_service});

/// The terms of all claims, each once.
struct ClaimTerms {
  std::vector<std::string> keys = {};
  std::unordered_map<std::string, std::uint32_t> numbers = {};

  explicit ClaimTerms(const std::vector<analysis::Claim>& claims) {
    for (const auto& claim : claims)
      for (const auto& key : claim.terms)
        if (numbers.emplace(key, keys.size()).second) keys.push_back(key);
  }
};

/// Reads what a day's concerns have of the claims.
class ConcernReader {
 public:
  ConcernReader(const std::vector<std::string>& names, const ClaimTerms& claims)
      : terms_(names), claims_(claims) {}

  void read(MentionRow&& row, ConcernDay& day) {
    const auto text =
        row.title.empty() || row.text.starts_with(row.title) ? row.text : row.title + "\n" + row.text;
    // Who only asks ("what is the fair use limit?") was not misled yet.
    const bool says = complains(row) || (row.verdict.polarity != Polarity::positive && !row.verdict.question);
    ConcernDay::Concern concern{
        .at = row.created_at,
        .fingerprint = std::ssize(row.text) >= echo_bytes ? row.fingerprint : 0,
        .terms = static_cast<std::uint32_t>(day.terms.size()),
        .misled = says && (row.verdict.has(IssueType::expectation_gap) || !phrases_.find(text).empty())};
    std::unordered_set<std::uint32_t> seen;
    for (const auto& term : terms_.terms(text))
      if (const auto found = claims_.numbers.find(term.key); found != claims_.numbers.end())
        if (seen.insert(found->second).second) day.terms.push_back(found->second);
    if (concern.misled || (complains(row) && is_of_worth(row) && seen.size() >= quoted_terms_min)) {
      concern.row = static_cast<std::int32_t>(day.rows.size());
      for (auto* unused : {&row.platform, &row.native_id, &row.in_reply_to, &row.conversation})
        std::string().swap(*unused);
      day.rows.push_back(std::move(row));
    }
    day.concerns.push_back(concern);
  }

 private:
  analysis::TermReader terms_;
  analysis::MisledPhrases phrases_;
  const ClaimTerms& claims_;
};

/// Names that everybody writes.
Result<std::vector<std::string>> all_names(const JobInput& input) {
  auto brands = input.reader.brands();
  if (!brands) return unexpected(brands.error());
  auto names = input.names;
  for (const auto& brand : *brands) names.push_back(brand.name);
  return names;
}

/// Brings the days of the memory up to what is stored.
Status remember(const JobInput& input, Timestamp since, const ClaimTerms& claims, Memory& memory) {
  const auto names = all_names(input);
  if (!names) return unexpected(names.error());
  const auto marks = marks_since(input, since);
  if (!marks) return unexpected(marks.error());
  std::uint64_t made_of = 1;
  for (const auto* list : {&*names, &claims.keys}) {
    made_of = hash64("|", made_of);
    for (const auto& one : *list) made_of = hash64(one, made_of);
  }
  if (memory.concerned_with != made_of) memory.concerns.clear();
  memory.concerned_with = made_of;
  ConcernReader reader(*names, claims);
  return renew(memory.concerns, *marks, remembered_concerns_max,
               [&](const store::DayMark& mark) -> Result<ConcernDay> {
                 auto rows =
                     read_back<MentionRow>(page_of(input, mark), remembered_concerns_max,
                                           [&](const auto& page) { return input.reader.concerns(page); });
                 if (!rows) return unexpected(rows.error());
                 ConcernDay day;
                 day.concerns.reserve(rows->size());
                 for (auto& row : *rows) reader.read(std::move(row), day);
                 return day;
               });
}

}  // namespace

bool complains(const MentionRow& row) {
  return row.verdict.complaint || row.verdict.polarity == Polarity::negative;
}

bool is_of_worth(const MentionRow& row) { return (row.verdict.issues & ~worth) == 0; }

Result<Concerns> read_concerns(const JobInput& input, Timestamp since,
                               const std::vector<analysis::Claim>& claims, Memory& memory) {
  const ClaimTerms terms(claims);
  if (auto status = remember(input, since, terms, memory); !status) return unexpected(status.error());
  Concerns out;
  std::int64_t texts = 0;
  std::vector<std::int64_t> with_term(terms.keys.size());
  std::unordered_map<std::uint64_t, Timestamp> heard;
  for (const auto& [day_at, day] : memory.concerns) {
    for (std::size_t i = 0; i < day.concerns.size(); ++i) {
      const auto& concern = day.concerns[i];
      if (concern.fingerprint != 0) {
        const auto [at, fresh] = heard.emplace(concern.fingerprint, concern.at);
        const bool copy = !fresh && concern.at - at->second <= copy_span;
        at->second = concern.at;
        if (copy) continue;
      }
      const auto end = i + 1 < day.concerns.size() ? day.concerns[i + 1].terms : day.terms.size();
      // How rare a word is shows in what others write; the misled all write the claim's.
      if (!concern.misled) {
        ++texts;
        for (std::size_t at = concern.terms; at < end; ++at) ++with_term[day.terms[at]];
      }
      if (concern.row < 0) continue;
      out.rows.push_back(&day.rows[static_cast<std::size_t>(concern.row)]);
      out.misled.push_back(concern.misled);
      auto& said = out.terms.emplace_back();
      for (std::size_t at = concern.terms; at < end; ++at) said.push_back({.key = terms.keys[day.terms[at]]});
    }
  }
  for (std::size_t i = 0; i < terms.keys.size(); ++i) out.rarity.add(terms.keys[i], with_term[i]);
  out.rarity.add_texts(texts);
  return out;
}

}  // namespace earshot::insight
