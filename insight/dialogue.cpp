#include "insight/dialogue.hpp"

#include <algorithm>
#include <map>
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
  const store::HistoryPage page{.brand = input.brand,
                                .since = mark.day,
                                .until = std::min(input.now, mark.day + std::chrono::hours(24))};
  auto rows =
      read_back<ContactRow>(page, contacts_max, [&](const auto& p) { return input.reader.contacts(p); });
  if (!rows) return unexpected(rows.error());
  HeardDay out{.mark = mark.mark, .rows = std::move(*rows)};
  analysis::WordCounts counts;
  for (auto& row : out.rows) {
    out.remarks.push_back(remarker.read(row, counts));
    for (auto* words : {&row.text, &row.author_handle, &row.author_name}) std::string().swap(*words);
  }
  out.words = counts.tally();
  return out;
}

/// Brings the days of the memory up to what is stored: newest first, until there are enough.
Status remember(const JobInput& input, Timestamp since, Memory& memory) {
  const auto marks = input.reader.content().day_marks(input.brand, since, input.now);
  if (!marks) return unexpected(marks.error());
  const auto names = hash_of_names(input);
  if (memory.read_with != names) memory.days.clear();
  memory.read_with = names;
  Remarker remarker(input);
  std::map<Timestamp, HeardDay> days;
  std::size_t read = 0;
  for (auto mark = marks->rbegin(); mark != marks->rend() && read < contacts_max; ++mark) {
    const auto known = memory.days.find(mark->day);
    if (known != memory.days.end() && known->second.mark == mark->mark) {
      read += known->second.rows.size();
      days.emplace(mark->day, std::move(known->second));
      continue;
    }
    auto day = hear_day(input, *mark, remarker);
    if (!day) return unexpected(day.error());
    read += day->rows.size();
    days.emplace(mark->day, std::move(*day));
  }
  memory.days = std::move(days);
  return Done{};
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
  Memory fresh;
  auto& memory = input.memory ? *input.memory : fresh;
  if (auto status = remember(input, out.since, memory); !status) {
    memory.days.clear();
    return unexpected(status.error());
  }
  std::vector<std::pair<const HeardDay*, std::size_t>> order;
  for (const auto& [at, day] : memory.days) {
    out.counts.add(day.words);
    for (std::size_t i = 0; i < day.rows.size(); ++i) order.emplace_back(&day, i);
  }
  std::ranges::stable_sort(order, {}, [](const auto& at) { return at.first->rows[at.second].created_at; });
  out.rows.reserve(order.size());
  out.remarks.reserve(order.size());
  for (const auto& [day, i] : order) {
    out.rows.push_back(day->rows[i]);
    out.remarks.push_back(day->remarks[i]);
  }
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
