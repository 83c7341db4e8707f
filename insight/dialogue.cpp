#include "insight/dialogue.hpp"

#include <algorithm>
#include <unordered_map>

#include "insight/history.hpp"
#include "insight/remarks.hpp"

namespace earshot::insight {
namespace {

using store::ContactRow;

/// Newest first: a burst must not take all memory.
constexpr std::size_t contacts_max = 200'000;

/// One row with what its words gave away, which are not kept.
struct Heard {
  MentionId id = {};
  ContactRow row = {};
  Remark remark = {};
};

bool is_thankful(const ContactRow& row) {
  const auto& v = row.verdict;
  return v.polarity == Polarity::positive || v.has(Intent::thanks) || v.has(Intent::praise);
}

/// Replies call their parent by a name of one server where its global one was not to be had (Mastodon).
void follow_local_names(std::vector<Heard>& heard) {
  std::unordered_map<std::uint64_t, std::uint64_t> posts;
  for (const auto& one : heard)
    if (one.row.local != 0) posts.emplace(one.row.local, one.row.post);
  for (auto& one : heard)
    if (const auto found = posts.find(one.row.parent); one.row.parent != 0 && found != posts.end())
      one.row.parent = found->second;
}

}  // namespace

std::optional<Timestamp> Dialogue::answered_at(std::size_t row) const {
  return answers[row].own ? std::optional(rows[*answers[row].own].created_at) : std::nullopt;
}

const analysis::SignHit* Remark::find(analysis::Sign sign) const {
  const auto found = std::ranges::find(signs, sign, &analysis::SignHit::sign);
  return found == signs.end() ? nullptr : &*found;
}

bool is_praise(const ContactRow& row) {
  const auto& v = row.verdict;
  return v.has(Intent::praise) || v.has(Intent::recommendation) || v.has(IssueType::praise);
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
  Remarker remarker(input);
  const auto read = [&](const store::HistoryPage& p) -> Result<std::vector<Heard>> {
    auto rows = input.reader.contacts(p);
    if (!rows) return unexpected(rows.error());
    std::vector<Heard> heard;
    heard.reserve(rows->size());
    for (auto& row : *rows) {
      auto remark = remarker.read(row, out.counts);
      for (auto* words : {&row.text, &row.author_handle, &row.author_name}) std::string().swap(*words);
      heard.push_back({.id = row.id, .row = std::move(row), .remark = std::move(remark)});
    }
    return heard;
  };
  auto heard = read_back<Heard>(page, contacts_max, read);
  if (!heard) return unexpected(heard.error());
  follow_local_names(*heard);
  std::ranges::stable_sort(*heard, {}, [](const Heard& one) { return one.row.created_at; });
  for (auto& one : *heard) {
    out.rows.push_back(std::move(one.row));
    out.remarks.push_back(std::move(one.remark));
  }
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
  out.threads = analysis::thread_ids(contacts);
  return out;
}

}  // namespace earshot::insight
