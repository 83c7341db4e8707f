#include "connectors/declarative/follow_ups.hpp"

#include <algorithm>

namespace earshot::connectors::declarative {
namespace {

constexpr std::int64_t version = 1;

const FollowSpec* named(const StreamSpec& stream, std::string_view name) {
  const auto found = std::ranges::find_if(
      stream.follows, [&](const FollowSpec& follow) { return follow.stream.name == name; });
  return found == stream.follows.end() ? nullptr : &*found;
}

std::size_t bytes_of(const Debt& debt) {
  std::size_t out = 64 + debt.follow.size() + debt.id.size() + debt.mark.size();
  for (const auto& [name, value] : debt.values) out += name.size() + value.size() + 6;
  return out;
}

}  // namespace

FollowUps FollowUps::read(JsonValue object) {
  FollowUps out;
  if (object["version"].integer() != version) return out;
  for (const auto one : object["owed"]) {
    Debt debt{.follow = std::string(one["follow"].text()),
              .id = std::string(one["id"].text()),
              .mark = std::string(one["mark"].text()),
              .at = one["at"].integer().value_or(0)};
    for (const auto value : one["values"]) debt.values[std::string(value.key())] = value.text();
    if (!debt.follow.empty() && !debt.id.empty()) out.owed_.push_back(std::move(debt));
  }
  for (const auto one : object["heard"])
    if (one.text().size() > 8)
      out.heard_.push_back(
          {.key = std::string(one.text().substr(0, 8)), .mark = std::string(one.text().substr(8))});
  out.paging_ = Paging::read(object);
  out.asking_ = std::min(static_cast<std::size_t>(object["asking"].count().value_or(0)), out.owed_.size());
  out.asked_ = object["asked"].count().value_or(0);
  out.walk_goes_on_ = object["walk_goes_on"].is_true();
  return out;
}

void FollowUps::write(JsonWriter& out) const {
  out.begin_object().field("version", version);
  paging_.write(out);
  if (asking_ > 0) out.field("asking", static_cast<std::int64_t>(asking_));
  if (asked_ > 0) out.field("asked", asked_);
  if (walk_goes_on_) out.field("walk_goes_on", true);
  out.key("owed").begin_array();
  for (const auto& debt : owed_) {
    out.begin_object()
        .field("follow", debt.follow)
        .field("id", debt.id)
        .field("mark", debt.mark)
        .field("at", debt.at);
    if (!debt.values.empty()) {
      out.key("values").begin_object();
      for (const auto& [name, value] : debt.values) out.field(name, value);
      out.end_object();
    }
    out.end_object();
  }
  out.end_array().key("heard").begin_array();
  for (const auto& one : heard_) out.value(one.key + one.mark);
  out.end_array().end_object();
}

const FollowUps::Heard* FollowUps::heard_of(const Debt& debt) const {
  const auto found = std::ranges::find(heard_, key_of(debt), &Heard::key);
  return found == heard_.end() ? nullptr : &*found;
}

void FollowUps::note(ReadPage& read, const StreamSpec& stream, Timestamp now) {
  for (auto& debt : read.debts) {
    const auto* heard = heard_of(debt);
    if (heard != nullptr && heard->mark == debt.mark) continue;
    const auto known = std::ranges::find_if(
        owed_, [&](const Debt& other) { return other.follow == debt.follow && other.id == debt.id; });
    if (known != owed_.end())
      *known = std::move(debt);
    else
      owed_.push_back(std::move(debt));
  }
  std::ranges::stable_sort(owed_, std::ranges::greater(), &Debt::at);
  drop_oldest(read, now);
  walk_goes_on_ = read.page.more;
  go_on(read, stream);
}

void FollowUps::drop_oldest(ReadPage& read, Timestamp now) {
  std::size_t bytes = 0, kept = 0;
  while (kept < owed_.size() && (bytes += bytes_of(owed_[kept])) <= owed_bytes_max) ++kept;
  if (kept == owed_.size()) return;
  read.page.gaps.push_back({from_ms(owed_.back().at), now, "follow_cap"});
  owed_.resize(kept);
}

/// Puts those that the next request is about at the head: the newest, and others of its kind.
void FollowUps::choose(const StreamSpec& stream) {
  if (asking_ > 0 || owed_.empty()) return;
  const auto* follow = named(stream, owed_.front().follow);
  if (follow == nullptr || asked_ >= follow->most) return;
  std::ranges::stable_partition(owed_, [&](const Debt& debt) { return debt.follow == follow->stream.name; });
  const auto of_its_kind = std::ranges::count(owed_, follow->stream.name, &Debt::follow);
  asking_ = static_cast<std::size_t>(std::min<std::int64_t>(of_its_kind, follow->batch));
  ++asked_;
}

void FollowUps::go_on(ReadPage& read, const StreamSpec& stream) {
  choose(stream);
  read.page.more = asking_ > 0 || walk_goes_on_;
  if (!read.page.more) asked_ = 0;
}

const FollowSpec* FollowUps::due(const StreamSpec& stream) {
  if (std::erase_if(owed_, [&](const Debt& debt) { return named(stream, debt.follow) == nullptr; }) > 0) {
    paging_ = {};
    asking_ = 0;
  }
  return asking_ == 0 ? nullptr : named(stream, owed_.front().follow);
}

void FollowUps::provide(const FollowSpec& follow, Variables& variables) const {
  std::string ids;
  for (std::size_t i = 0; i < asking_; ++i) ids += (i == 0 ? "" : follow.separator) + owed_[i].id;
  variables["ids"] = ids;
  paging_.provide(follow.stream.page, variables);
  if (follow.batch > 1) return;
  const auto& debt = owed_.front();
  if (const auto* heard = heard_of(debt)) variables["heard"] = heard->mark;
  for (const auto& [name, value] : debt.values) variables[name] = value;
}

void FollowUps::advance(const Arrival& arrival, const FollowSpec& follow, const StreamSpec& stream) {
  auto& read = arrival.read;
  const auto from = asked_from();
  const auto repeat = paging_.repeated(arrival);
  if (repeat == Paging::Repeat::ask_again) {
    read.page.more = true;
    return;
  }
  ++paging_.pages;
  const bool over =
      (read.items == 0 && arrival.spec.empty_ends) || repeat == Paging::Repeat::stuck || !arrival.says_more();
  auto next = over ? Paging::Next{} : paging_.next(arrival, {});
  const auto most = follow.stream.page.max > 0 ? follow.stream.page.max : pages_max;
  if (repeat == Paging::Repeat::stuck) arrival.gap(from, arrival.now, "repeated");
  if (next.elsewhere) arrival.gap(from, arrival.now, "next_page_elsewhere");
  if (!next.page.empty() && paging_.pages >= most) {
    arrival.gap(from, arrival.now, "page_cap");
    next.page.clear();
  }
  if (next.page.empty())
    settle(Remember::yes);
  else
    paging_.go_on(std::move(next.page), arrival);
  go_on(read, stream);
}

void FollowUps::give_up(ReadPage& read, ErrorKind why, const StreamSpec& stream, Timestamp now) {
  if (why != ErrorKind::gone) read.page.gaps.push_back({asked_from(), now, "follow_refused"});
  // A place among pages that the platform forgot says nothing of the item: it is asked about when it is next
  // read.
  settle(why == ErrorKind::cursor_invalid ? Remember::no : Remember::yes);
  go_on(read, stream);
}

void FollowUps::settle(Remember remember) {
  for (std::size_t i = 0; i < asking_; ++i) {
    const auto key = key_of(owed_[i]);
    std::erase_if(heard_, [&](const Heard& one) { return one.key == key; });
    if (remember == Remember::yes) heard_.push_back({.key = key, .mark = std::move(owed_[i].mark)});
  }
  owed_.erase(owed_.begin(), owed_.begin() + static_cast<std::ptrdiff_t>(asking_));
  std::size_t bytes = 0;
  auto first = heard_.end();
  while (first != heard_.begin() && (bytes += std::prev(first)->mark.size() + 11) <= heard_bytes_max) --first;
  heard_.erase(heard_.begin(), first);
  paging_ = {};
  asking_ = 0;
}

}  // namespace earshot::connectors::declarative
