#include "insight/memory.hpp"

#include <algorithm>
#include <optional>

#include "core/base/hash.hpp"

namespace earshot::insight {
namespace {

template <typename T>
std::size_t bytes_of(const std::vector<T>& list) {
  return list.capacity() * sizeof(T);
}

std::size_t bytes_of(const store::MentionRow& row) {
  std::size_t out = 0;
  for (const auto* text : {&row.platform, &row.source, &row.native_id, &row.author_handle, &row.url,
                           &row.title, &row.text, &row.in_reply_to, &row.conversation})
    out += text->capacity();
  return out;
}

template <typename Day>
std::size_t bytes_of(const KeptDays<Day>& days) {
  std::size_t out = 0;
  for (const auto& [at, day] : days) out += day.bytes();
  return out;
}

template <typename Day>
void forget(KeptDays<Day>& days, Timestamp day) {
  if (!days.empty() && days.begin()->first <= day) days.erase(days.begin());
}

}  // namespace

std::size_t HeardDay::bytes() const {
  auto out = bytes_of(contacts) + bytes_of(remarks) + bytes_of(words.counts);
  for (const auto& [at, remark] : remarks) out += bytes_of(remark.signs);
  for (const auto& [id, matter] : matters)
    out += sizeof matter + bytes_of(matter.keys) + bytes_of(matter.words) + bytes_of(matter.signers);
  return out;
}

std::size_t TroubleDay::bytes() const { return bytes_of(rows); }
std::size_t IssueDay::bytes() const { return bytes_of(counts); }

std::size_t ConcernDay::bytes() const {
  auto out = bytes_of(concerns) + bytes_of(terms) + bytes_of(rows);
  for (const auto& row : rows) out += bytes_of(row);
  return out;
}

std::size_t LinkDay::bytes() const {
  auto out = bytes_of(links);
  for (const auto& link : links) out += link.url.capacity();
  return out;
}

std::size_t Memory::bytes() const {
  return bytes_of(days) + bytes_of(troubles) + bytes_of(issues) + bytes_of(concerns) + bytes_of(links);
}

void forget_beyond(Memory& memory, std::size_t bytes_max) {
  for (auto held = memory.bytes(); held > bytes_max; held = memory.bytes()) {
    std::optional<Timestamp> oldest;
    const auto look = [&](const auto& days) {
      if (!days.empty()) oldest = std::min(oldest.value_or(days.begin()->first), days.begin()->first);
    };
    look(memory.days), look(memory.troubles), look(memory.issues), look(memory.concerns), look(memory.links);
    if (!oldest) return;
    forget(memory.days, *oldest), forget(memory.troubles, *oldest), forget(memory.issues, *oldest);
    forget(memory.concerns, *oldest), forget(memory.links, *oldest);
  }
}

std::uint64_t hash_of_names(const JobInput& input) {
  auto hash = hash64(input.brand_name);
  for (const auto* list : {&input.names, &input.competitors}) {
    hash = hash64("|", hash);
    for (const auto& name : *list) hash = hash64(name, hash);
  }
  return hash;
}

std::vector<analysis::QuestionCluster> clusters_of(const std::vector<analysis::Question>& asked,
                                                   const analysis::ClusterOptions& options,
                                                   KeptClusters* kept) {
  if (!kept) return analysis::cluster_questions(asked, options);
  std::uint64_t made_of = 1;
  for (const auto& name : options.names) made_of = hash64(name, made_of);
  for (const auto& one : asked) made_of = hash64(one.lang, hash64(one.text, hash64(one.title, made_of)));
  if (kept->made_of != made_of)
    *kept = {.made_of = made_of, .clusters = analysis::cluster_questions(asked, options)};
  return kept->clusters;
}

Result<std::vector<store::DayMark>> marks_since(const JobInput& input, Timestamp since) {
  return input.reader.content().day_marks(input.brand, std::chrono::floor<std::chrono::days>(since),
                                          input.now);
}

store::HistoryPage page_of(const JobInput& input, const store::DayMark& mark) {
  return {.brand = input.brand,
          .since = mark.day,
          .until = std::min(input.now, mark.day + std::chrono::hours(24))};
}

}  // namespace earshot::insight
