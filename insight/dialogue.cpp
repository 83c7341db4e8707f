#include "insight/dialogue.hpp"

#include <algorithm>

#include "insight/history.hpp"

namespace earshot::insight {
namespace {

using store::ContactRow;

/// Newest first: a burst must not take all memory.
constexpr std::size_t contacts_max = 200'000;

bool is_thankful(const ContactRow& row) {
  const auto& v = row.verdict;
  return v.polarity == Polarity::positive || v.has(Intent::thanks) || v.has(Intent::praise);
}

}  // namespace

std::optional<Timestamp> Dialogue::answered_at(std::size_t row) const {
  return answers[row].own ? std::optional(rows[*answers[row].own].created_at) : std::nullopt;
}

bool is_own(const ContactRow& row) { return row.verdict.match == MatchKind::own; }

bool wants_answer(const ContactRow& row) {
  const auto& v = row.verdict;
  return !is_own(row) && !row.article &&
         (v.complaint || v.question || v.has(Intent::request) || v.has(Intent::churn_threat));
}

Result<Dialogue> read_dialogue(const JobInput& input) {
  Dialogue out{.since = std::chrono::floor<std::chrono::days>(input.now - history_span)};
  const store::HistoryPage page{.brand = input.brand, .since = out.since, .until = input.now};
  auto rows =
      read_back<ContactRow>(page, contacts_max, [&](const auto& p) { return input.reader.contacts(p); });
  if (!rows) return unexpected(rows.error());
  out.rows = std::move(*rows);
  std::ranges::stable_sort(out.rows, {}, &ContactRow::created_at);
  std::vector<analysis::Contact> contacts;
  contacts.reserve(out.rows.size());
  for (const auto& row : out.rows)
    contacts.push_back({.at = row.created_at,
                        .post = row.post,
                        .parent = row.parent,
                        .thread = row.thread,
                        .author = row.author_key,
                        .own = is_own(row),
                        .wants = wants_answer(row),
                        .thankful = is_thankful(row)});
  out.answers = analysis::find_answers(contacts);
  return out;
}

}  // namespace earshot::insight
