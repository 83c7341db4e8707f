#include "tests/store/crash/day.hpp"

#include "core/model/identity.hpp"
#include "store/content.hpp"
#include "tests/support/builders.hpp"

namespace earshot::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* streams[] = {"tag:fernwave", "search"};
constexpr const char* authors[] = {"ann", "bob", "cleo", "dan", "eve", "fay", "gus", "hal"};
constexpr std::size_t posts_max = 300;
constexpr auto lease_time = Milliseconds(60'000);

Status done_or(const Result<std::int64_t>& result) {
  return result ? Status(Done{}) : Status(unexpected(result.error()));
}

/// What a person decides about something that is gone is refused, and nothing is written.
Status unless_refused(Status status) {
  if (!status && status.error().kind == ErrorKind::invalid) return Done{};
  return status;
}

}  // namespace

const std::vector<std::string>& words_of_day() {
  static const std::vector<std::string> words = {"router", "light", "red", "slow", "bill", "refund"};
  return words;
}

Result<Day> Day::begin(const std::string& database, std::uint64_t seed) {
  Day day;
  day.database_ = database;
  day.random_.seed(seed);
  if (auto status = day.open(); !status) return unexpected(status.error());
  auto brand = day.store_->ensure_brand("Fernwave");
  if (!brand) return unexpected(brand.error());
  day.brand_ = *brand;
  for (const char* name : {"mastodon", "bluesky"}) {
    auto source = day.store_->ensure_source(name, name);
    if (!source) return unexpected(source.error());
    day.sources_.push_back(*source);
    for (const char* stream : streams)
      if (auto state = day.store_->stream(*source, stream); !state) return unexpected(state.error());
  }
  auto status = day.store_->deliveries().ensure_destination("chat", from_ms(0));
  if (!status) return unexpected(status.error());
  return day;
}

Status Day::open() {
  auto opened = store::open_store(database_);
  if (!opened) return unexpected(opened.error());
  store_ = std::move(*opened);
  auto indexer = store_->indexer();
  if (!indexer) return unexpected(indexer.error());
  indexer_ = std::move(*indexer);
  return Done{};
}

Timestamp Day::now() { return from_ms(monday_ms) + hours(24) + minutes(steps_); }

Status Day::step() {
  struct Turn {
    const char* name;
    Step step;
    int weight;
  };
  static constexpr Turn turns[] = {{"pages", &Day::pages, 12},
                                   {"report", &Day::report, 3},
                                   {"label", &Day::label, 3},
                                   {"unlabel", &Day::unlabel, 1},
                                   {"find_waiting", &Day::find_waiting, 2},
                                   {"decide_waiting", &Day::decide_waiting, 2},
                                   {"decide_story", &Day::decide_story, 2},
                                   {"find_pages", &Day::find_pages, 1},
                                   {"find_terms", &Day::find_terms, 1},
                                   {"find_incidents", &Day::find_incidents, 2},
                                   {"find_ideas", &Day::find_ideas, 2},
                                   {"decide_idea", &Day::decide_idea, 1},
                                   {"decide_incident", &Day::decide_incident, 1},
                                   {"find_misled", &Day::find_misled, 1},
                                   {"find_baseline", &Day::find_baseline, 1},
                                   {"campaign", &Day::campaign, 1},
                                   {"claim", &Day::claim, 1},
                                   {"route", &Day::route, 3},
                                   {"lease", &Day::lease, 3},
                                   {"settle", &Day::settle, 2},
                                   {"give_up", &Day::give_up, 1},
                                   {"requeue", &Day::requeue, 1},
                                   {"erase", &Day::erase, 2},
                                   {"settle_erasure", &Day::settle_erasure, 1},
                                   {"purge", &Day::purge, 2},
                                   {"rescore", &Day::rescore, 3},
                                   {"index", &Day::index_some, 4},
                                   {"checkpoint", &Day::checkpoint, 2},
                                   {"restart", &Day::restart, 1}};
  static const int all = [] {
    int sum = 0;
    for (const auto& turn : turns) sum += turn.weight;
    return sum;
  }();
  random_before_ = random_;
  leased_before_ = leased_;
  ++steps_;
  auto drawn = static_cast<int>(random_() % static_cast<std::uint64_t>(all));
  for (const auto& turn : turns) {
    drawn -= turn.weight;
    if (drawn >= 0) continue;
    last_ = turn.name;
    return (this->*turn.step)();
  }
  return Done{};
}

Status Day::again() {
  random_ = random_before_;
  leased_ = leased_before_;
  --steps_;
  return step();
}

store::ScoredMention Day::post() {
  const auto number = static_cast<int>(random_() % posts_max);
  const auto& words = words_of_day();
  auto item = mention(std::to_string(number), number * 5,
                      "Fernwave " + words[random_() % words.size()] + " " + words[random_() % words.size()],
                      authors[number % std::size(authors)]);
  if (random_() % 3 == 0) item.in_reply_to = "https://social.example/" + std::to_string(number / 2);
  item.fetched_at = now();
  if (random_() % 4 == 0) item.edited_at = item.created_at + minutes(random_() % 600);
  item.deleted = random_() % 12 == 0;
  if (item.deleted) return {.mention = std::move(item)};
  const bool happy = random_() % 3 == 0;
  auto out = scored(std::move(item), brand_, happy ? Polarity::positive : Polarity::negative,
                    happy ? IssueType::praise : IssueType::outage);
  out.verdicts[0].verdict.complaint = !happy;
  out.verdicts[0].verdict.lexicon_version = 7;
  return random_() % 4 == 0 ? with_product(std::move(out), "Hub", Polarity::negative) : out;
}

Status Day::pages() {
  std::vector<store::Batch> group;
  for (const auto source : sources_)
    for (const char* stream : streams) {
      auto state = store_->stream(source, stream);
      if (!state) return unexpected(state.error());
      store::Batch batch{
          .source = source,
          .stream = stream,
          .epoch = state->epoch,
          .malformed = random_() % 3,
          .cursor = Cursor{.schema = 1, .json = "{\"n\":" + std::to_string(state->epoch) + "}"},
          .caught_up = random_() % 2 == 0,
          .now = now()};
      for (auto count = random_() % 8; count > 0; --count) batch.mentions.push_back(post());
      if (random_() % 4 == 0)
        batch.gaps.push_back({.from = now(), .to = now() + minutes(5), .reason = "page_cap"});
      group.push_back(std::move(batch));
    }
  auto receipts = store_->write(group);
  return receipts ? Status(Done{}) : Status(unexpected(receipts.error()));
}

Result<std::vector<MentionId>> Day::some(std::size_t count) {
  auto reader = store_->reader();
  if (!reader) return unexpected(reader.error());
  auto rows = (*reader)->mentions({.brand = brand_, .limit = 60});
  if (!rows) return unexpected(rows.error());
  if (rows->empty()) return unexpected(ErrorKind::gone, "no mention is left");
  std::vector<MentionId> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back((*rows)[random_() % rows->size()].id);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Status Day::instead(const Error& error) {
  return error.kind == ErrorKind::gone ? pages() : Status(unexpected(error));
}

Status Day::report() {
  return store_->report(sources_[random_() % 2], {.state = "failing",
                                                  .error = random_() % 2 == 0 ? "no answer" : "",
                                                  .fail_count = steps_,
                                                  .at = now(),
                                                  .next_poll_at = now() + minutes(3)});
}

Status Day::label() {
  const auto ids = some(1);
  if (!ids) return instead(ids.error());
  store::Label label{.mention = ids->front(),
                     .brand = brand_,
                     .polarity = Polarity::neutral,
                     .note = "irony " + std::to_string(steps_),
                     .by = "kim",
                     .at = now()};
  if (random_() % 2 == 0) label.issues = std::vector<std::uint8_t>{2};
  return unless_refused(store_->label(label));
}

Status Day::unlabel() {
  const auto ids = some(1);
  return ids ? unless_refused(store_->unlabel(ids->front(), brand_)) : instead(ids.error());
}

Status Day::find_waiting() {
  const auto ids = some(4);
  if (!ids) return instead(ids.error());
  store::ServiceFindings found{.since = from_ms(monday_ms) - hours(24)};
  for (const auto id : *ids)
    found.journeys.push_back({.rant = id, .outcome = "converted", .last = ids->back()});
  for (const auto id : *ids)
    found.waiting.push_back({.id = id, .priority = static_cast<int>(random_() % 100), .reasons = "{}"});
  return store_->write_service(brand_, found);
}

Status Day::decide_waiting() {
  const auto ids = some(1);
  if (!ids) return instead(ids.error());
  return unless_refused(store_->decide_waiting({.mention = ids->front(),
                                                .brand = brand_,
                                                .state = random_() % 2 == 0 ? "done" : "snoozed",
                                                .owner = "kim",
                                                .until = now() + hours(5),
                                                .at = now()}));
}

Status Day::decide_story() {
  auto reader = store_->reader();
  if (!reader) return unexpected(reader.error());
  const auto stories =
      (*reader)->content().stories(brand_, from_ms(monday_ms) - hours(24), now() + hours(99), "", 9);
  if (!stories) return unexpected(stories.error());
  if (stories->empty()) return find_waiting();
  return unless_refused(store_->content().decide_story({.rant = stories->front().journey.rant,
                                                        .brand = brand_,
                                                        .consent = random_() % 2 == 0 ? "asked" : "given",
                                                        .note = std::to_string(steps_),
                                                        .by = "kim",
                                                        .at = now()}));
}

Status Day::find_pages() {
  const auto ids = some(1);
  if (!ids) return instead(ids.error());
  const store::IdeaPage page{
      .url = "https://fernwave.example/" + std::to_string(steps_), .title = "Reset", .score = 0.5};
  return store_->content().write_pages(
      brand_, {.pages = {{.url = page.url, .title = page.title, .replies = 2, .reply = ids->front()}},
               .matches = {{.idea = "k" + std::to_string(random_() % 6), .page = page}}});
}

Status Day::find_terms() {
  const auto ids = some(3);
  if (!ids) return instead(ids.error());
  const store::TermMoveRow row{.term = "red light",
                               .kind = "words",
                               .direction = "rising",
                               .week_at = now(),
                               .authors = static_cast<std::int64_t>(ids->size()),
                               .ratio = 2,
                               .low = 1.5,
                               .high = 3,
                               .mentions = *ids};
  return store_->content().write_term_moves(brand_, std::span(&row, 1));
}

Status Day::find_incidents() {
  const auto ids = some(5);
  if (!ids) return instead(ids.error());
  const store::IncidentRow row{.issue = static_cast<std::uint8_t>(random_() % 4),
                               .state = "open",
                               .title = "Outage",
                               .severity = 5,
                               .started_at = now() - hours(2),
                               .detected_at = from_ms(monday_ms) + hours(random_() % 4),
                               .last_at = now(),
                               .authors = static_cast<std::int64_t>(ids->size()),
                               .first_mention = ids->front(),
                               .details = R"({"exemplars":[{"mention":")" +
                                          std::to_string(ids->front().value) + R"(","text":"red"}]})",
                               .members = *ids};
  return store_->write_incidents(brand_, std::span(&row, 1), now());
}

Status Day::find_ideas() {
  const auto ids = some(3);
  if (!ids) return instead(ids.error());
  std::vector<store::IdeaRow> rows;
  for (int i = 0; i < 3; ++i)
    rows.push_back({.key = "k" + std::to_string(random_() % 6),
                    .state = "new",
                    .title = "How do I reset it?",
                    .askers = 3,
                    .score = static_cast<double>(steps_),
                    .first_at = now(),
                    .last_at = now(),
                    .details = R"({"quotes":[]})",
                    .members = *ids});
  std::ranges::sort(rows, {}, &store::IdeaRow::key);
  const auto same = [](const auto& a, const auto& b) { return a.key == b.key; };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  return store_->write_ideas(brand_, rows, now());
}

Status Day::decide_idea() {
  auto reader = store_->reader();
  if (!reader) return unexpected(reader.error());
  const auto ideas = (*reader)->ideas(brand_, 9);
  if (!ideas) return unexpected(ideas.error());
  if (ideas->empty()) return find_ideas();
  return unless_refused(store_->decide_idea(
      {.id = ideas->front().id, .state = "accepted", .note = std::to_string(steps_), .at = now()}));
}

Status Day::decide_incident() {
  auto reader = store_->reader();
  if (!reader) return unexpected(reader.error());
  const auto found = (*reader)->incidents(brand_, from_ms(0), now() + hours(99));
  if (!found) return unexpected(found.error());
  if (found->empty()) return find_incidents();
  return unless_refused(
      store_->decide_incident({.id = found->front().id, .owner = std::to_string(steps_), .at = now()}));
}

Status Day::find_misled() {
  const auto ids = some(3);
  if (!ids) return instead(ids.error());
  const store::MisledRow row{.key = "claim:" + std::to_string(random_() % 3),
                             .title = "misled",
                             .people = 4,
                             .mentions = 4,
                             .first_at = now(),
                             .last_at = now(),
                             .details = R"({"quotes":[]})",
                             .members = *ids,
                             .tell = true};
  return store_->write_misled(brand_, std::span(&row, 1), now());
}

Status Day::find_baseline() {
  std::vector<store::BaselineRow> rows;
  for (int hour = 0; hour < 24; ++hour)
    rows.push_back(
        {.metric = "volume", .hour_of_week = hour, .centre = 1.0 * steps_, .spread = 2, .weeks = 4});
  return store_->write_baseline(brand_, rows, now());
}

Status Day::campaign() {
  const auto id = store_->decide_campaign(
      {.brand = brand_, .name = "Summer " + std::to_string(random_() % 3), .from = now(), .at = now()});
  return unless_refused(id ? Status(Done{}) : Status(unexpected(id.error())));
}

Status Day::claim() {
  const auto id = store_->decide_claim({.brand = brand_,
                                        .product = "Hub",
                                        .text = "free for " + std::to_string(random_() % 3) + " years",
                                        .from = now(),
                                        .at = now()});
  return unless_refused(id ? Status(Done{}) : Status(unexpected(id.error())));
}

Status Day::route() {
  auto& deliveries = store_->deliveries();
  const auto items = deliveries.unrouted("chat", 1);
  if (!items) return unexpected(items.error());
  if (items->empty()) return find_incidents();
  const store::NewDelivery chosen{.outbox_id = items->front().id,
                                  .thread = items->front().key,
                                  .topic = items->front().kind,
                                  .digest = random_() % 4 == 0,
                                  .due_at = now()};
  return deliveries.route("chat", items->front().id, chosen, now());
}

Status Day::lease() {
  if (!leased_.empty()) return settle();
  const auto rows = store_->deliveries().claim("chat", now() + minutes(5), lease_time);
  if (!rows) return unexpected(rows.error());
  for (const auto& row : *rows) leased_.push_back(row.id);
  return Done{};
}

Status Day::settle() {
  if (leased_.empty()) return route();
  const auto ids = std::exchange(leased_, {});
  if (random_() % 3 == 0) return store_->deliveries().retry(ids, now() + minutes(1), "503");
  return store_->deliveries().delivered(ids, "m" + std::to_string(steps_), now());
}

Status Day::give_up() {
  if (leased_.empty()) return store_->deliveries().release("chat", now());
  return store_->deliveries().give_up(std::exchange(leased_, {}), "410", now());
}

Status Day::requeue() { return done_or(store_->deliveries().requeue_dead("chat", now())); }

Status Day::erase() {
  auto reader = store_->reader();
  if (!reader) return unexpected(reader.error());
  const auto trace = (*reader)->author("mastodon", authors[random_() % std::size(authors)]);
  if (!trace) return trace.error().kind == ErrorKind::invalid ? pages() : unexpected(trace.error());
  const auto erased = store_->erase(*trace, "by letter", now());
  return erased ? Status(Done{}) : Status(unexpected(erased.error()));
}

Status Day::settle_erasure() {
  const auto settled = store_->settle_erasure();
  return settled ? Status(Done{}) : Status(unexpected(settled.error()));
}

Status Day::purge() {
  const auto purged = store_->purge(from_ms(monday_ms) + hours(steps_ / 20), 15);
  return purged ? Status(Done{}) : Status(unexpected(purged.error()));
}

Status Day::rescore() {
  auto reader = store_->reader();
  if (!reader) return unexpected(reader.error());
  const auto from = identity::make_id(from_ms(monday_ms) + hours(random_() % 24), 0);
  auto mentions = (*reader)->whole_hours(from, 8);
  if (!mentions) return unexpected(mentions.error());
  if (mentions->empty()) return pages();
  for (auto& one : *mentions) {
    if (one.mention.deleted) continue;
    for (const auto& old : one.verdicts) {
      BrandVerdict fresh{.brand = old.brand, .match = old.match};
      fresh.verdict.sentiment = {.polarity = Polarity::positive, .score = 0.5F, .positive = 0.7F};
      fresh.verdict.lang = "en";
      fresh.verdict.lexicon_version = 8;
      one.rescored.push_back(std::move(fresh));
    }
  }
  const auto next = identity::make_id(identity::hour_of(mentions->back().id) + hours(1), 0);
  return store_->rescore(*mentions, 8, next);
}

Status Day::index_some() {
  const auto more = indexer_->advance(20);
  return more ? Status(Done{}) : Status(unexpected(more.error()));
}

Status Day::index() {
  for (bool more = true; more;) {
    auto taken = indexer_->advance(1'000);
    if (!taken) return unexpected(taken.error());
    more = *taken;
  }
  return Done{};
}

Status Day::checkpoint() { return store_->checkpoint(); }

Status Day::restart() {
  indexer_.reset();
  store_.reset();
  leased_.clear();
  return open();
}

}  // namespace earshot::test
