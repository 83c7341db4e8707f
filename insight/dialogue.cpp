#include "insight/dialogue.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "insight/history.hpp"
#include "insight/memory.hpp"
#include "insight/remarks.hpp"

namespace earshot::insight {
namespace {

using store::ContactRow;

/// Newest first: a burst must not take all memory.
constexpr std::size_t contacts_max = 200'000;

bool is_thankful(const ContactRow& row) {
  const auto& v = row.verdict;
  return v.polarity == Polarity::positive || v.has(Intent::thanks) || v.has(Intent::praise);
}

/// Replies call their parent by a name of one server where its global one was not to be had (Mastodon).
void follow_local_names(std::vector<ContactRow>& rows) {
  std::unordered_map<std::uint64_t, std::uint64_t> posts;
  for (const auto& row : rows)
    if (row.local != 0) posts.emplace(row.local, row.post);
  for (auto& row : rows)
    if (const auto found = posts.find(row.parent); row.parent != 0 && found != posts.end())
      row.parent = found->second;
}

Result<HeardDay> hear_day(const JobInput& input, const store::DayMark& mark, Remarker& remarker) {
  auto rows = read_back<ContactRow>(page_of(input, mark), contacts_max,
                                    [&](const auto& page) { return input.reader.contacts(page); });
  if (!rows) return unexpected(rows.error());
  HeardDay out;
  out.contacts.reserve(rows->size());
  analysis::WordCounts counts;
  for (const auto& row : *rows) {
    auto remark = remarker.read(row, counts);
    if (remark.says_anything())
      out.remarks.emplace_back(static_cast<std::uint32_t>(out.contacts.size()), std::move(remark));
    out.contacts.emplace_back(row);
  }
  out.words = counts.tally();
  return out;
}

/// Brings the days of the memory up to what is stored.
Status remember(const JobInput& input, Timestamp since, Memory& memory) {
  const auto marks = marks_since(input, since);
  if (!marks) return unexpected(marks.error());
  const auto names = hash_of_names(input);
  if (memory.read_with != names) memory.days.clear();
  memory.read_with = names;
  Remarker remarker(input);
  return renew(memory.days, *marks, contacts_max,
               [&](const store::DayMark& mark) { return hear_day(input, mark, remarker); });
}

/// Every post that is remembered, in the order of their times.
void gather(const Memory& memory, BrandId brand, Dialogue& out) {
  struct Place {
    std::int64_t at;
    const KeptContact* contact;
    const Remark* remark;
  };
  static const Remark nothing;
  std::vector<Place> order;
  for (const auto& [day_at, day] : memory.days) {
    out.counts.add(day.words);
    auto remark = day.remarks.begin();
    for (std::size_t i = 0; i < day.contacts.size(); ++i) {
      const bool said = remark != day.remarks.end() && remark->first == i;
      order.push_back({.at = day.contacts[i].created_ms,
                       .contact = &day.contacts[i],
                       .remark = said ? &remark->second : &nothing});
      if (said) ++remark;
    }
  }
  std::ranges::stable_sort(order, {}, &Place::at);
  out.rows.reserve(order.size());
  out.remarks.reserve(order.size());
  for (const auto& place : order) {
    out.rows.push_back(place.contact->row(brand));
    out.remarks.push_back(*place.remark);
  }
}

}  // namespace

std::optional<Timestamp> Dialogue::answered_at(std::size_t row) const {
  return answers[row].own ? std::optional(rows[*answers[row].own].created_at) : std::nullopt;
}

const analysis::SignHit* Remark::find(analysis::Sign sign) const {
  const auto found = std::ranges::find(signs, sign, &analysis::SignHit::sign);
  return found == signs.end() ? nullptr : &*found;
}

bool Remark::says_anything() const {
  return !signs.empty() || reason || promise || reply_words != 0 || name_says_staff || name_says_bot;
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
  Memory fresh;
  auto& memory = input.memory ? *input.memory : fresh;
  if (auto status = remember(input, out.since, memory); !status) return unexpected(status.error());
  gather(memory, input.brand, out);
  follow_local_names(out.rows);
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
