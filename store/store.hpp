#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "store/batch.hpp"
#include "store/deliveries.hpp"
#include "store/erasure.hpp"
#include "store/keyed_hash.hpp"
#include "store/people.hpp"
#include "store/rows.hpp"

namespace earshot::store {

class Answers;
class ContentReader;
class ContentWriter;

/// Whether findings come with the ids of their mentions, oldest first: none, the newest of each, or all,
/// which may be tens of thousands.
enum class Members { no, newest, yes };
inline constexpr std::size_t members_newest_max = 100;

/// Read side: short queries on a connection of its own, which never block the writer. One thread at a time.
/// Every list has a limit. Fails with `corrupt`, `busy` or `internal`.
class Reader {
 public:
  static constexpr std::size_t journeys_max = 1'000'000;
  virtual ~Reader() = default;
  /// Breaks off queries that run later than this from now with `timed_out`; zero: none are any more.
  virtual void time_limit(std::chrono::milliseconds most) = 0;
  /// Breaks off queries with `timed_out` once a stop is requested, on whatever thread, and those that follow.
  virtual void stop_when(std::stop_token stop) = 0;
  /// Between these all answers are of one moment, that of the first question; see OneMoment.
  virtual void hold() = 0;
  virtual void release() = 0;
  virtual Result<std::vector<NamedBrand>> brands() = 0;
  virtual Result<std::vector<SourceStatus>> sources() = 0;
  /// Where one of a source's streams stands; nothing: nowhere yet, or there is none of that name.
  virtual Result<std::optional<Cursor>> cursor(SourceId source, std::string_view stream) = 0;
  virtual Result<std::vector<MentionRow>> mentions(const MentionFilter& filter) = 0;
  /// Every verdict of one mention; `invalid` when there is no such id.
  virtual Result<std::vector<MentionRow>> mention(MentionId id) = 0;
  /// Rows of one brand in time order, [since, until).
  virtual Result<std::vector<HourRow>> hours(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// The same by whole UTC days, [since, until) rounded out to days.
  virtual Result<std::vector<HourRow>> days(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// Sums of one brand's hours within steps of whole hours since 1970, in time order, [since, until); of
  /// every source, or of one. Steps without a row in the rollups are left out.
  virtual Result<std::vector<SeriesRow>> series(BrandId brand, SourceId source, Timestamp since,
                                                Timestamp until, std::chrono::hours step) = 0;
  virtual Result<std::vector<IssueCount>> issues(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// Scored mentions of one brand by polarity and issue types, [since, until); counted like the hours.
  virtual Result<std::vector<ToneCount>> tones(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// Products of one brand, most mentions first, at most 100; counted like the hours: without the brand's own
  /// posts and spam, with deleted mentions.
  virtual Result<std::vector<ProductCount>> products(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// What jobs read, newest first. The brand's own posts, spam and deleted mentions are left out everywhere.
  /// Mentions that are negative or complain, with an issue type or without.
  virtual Result<std::vector<TroubleRow>> troubles(const HistoryPage& page) = 0;
  /// Mentions that ask: flagged as a question, with that intent, or about how to do something.
  virtual Result<std::vector<MentionRow>> questions(const HistoryPage& page) = 0;
  /// Troubles and questions with their words, and what is of type expectation_gap; with the products that
  /// they name.
  virtual Result<std::vector<MentionRow>> concerns(const HistoryPage& page) = 0;
  /// Everything in the brand's conversations, its own posts included, newest first; without spam and what was
  /// deleted.
  virtual Result<std::vector<ContactRow>> contacts(const HistoryPage& page) = 0;
  /// Who waits for an answer, most urgent first: without those that people set down as done or dismissed, or
  /// put off beyond `now`. An owner stays with a person who writes again.
  virtual Result<std::vector<WaitingRow>> waiting(BrandId brand, std::size_t limit,
                                                  Timestamp now = SystemClock().now()) = 0;
  /// How many they are.
  virtual Result<WaitingCount> waiting_count(BrandId brand, Timestamp now = SystemClock().now()) = 0;
  /// One that waits or was decided about, whatever its state; `invalid` when it is neither.
  virtual Result<WaitingRow> waiting_of(BrandId brand, MentionId mention) = 0;
  virtual Result<std::vector<ResponseDay>> response_days(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// Stories that began within [since, until), newest first; of every outcome, or of one.
  virtual Result<std::vector<JourneyRow>> journeys(BrandId brand, Timestamp since, Timestamp until,
                                                   std::string_view outcome = {},
                                                   std::size_t limit = journeys_max) = 0;
  /// All of them, by day and outcome.
  virtual Result<std::vector<JourneyCount>> journey_counts(BrandId brand, Timestamp since,
                                                           Timestamp until) = 0;
  /// Languages of one brand's mentions by whole hours, most frequent first, at most 100; counted like the
  /// hours.
  virtual Result<std::vector<LanguageCount>> languages(BrandId brand, Timestamp since, Timestamp until) = 0;
  /// Mentions with their verdicts by id, from the beginning of the hour of `from` to the end of the hour in
  /// which there are `mentions_min` of them; none: there are no more.
  virtual Result<std::vector<StoredMention>> whole_hours(MentionId from, std::size_t mentions_min) = 0;
  /// Mentions that were first heard from a source and whose items are kept, by id beyond `after`.
  virtual Result<std::vector<ReceivedRow>> received(SourceId source, MentionId after, std::size_t limit) = 0;
  virtual Result<std::vector<GapRow>> gaps(Timestamp since, Timestamp until) = 0;
  /// Mentions with words that were first heard here. Looks through at most 20,000 rows at a time.
  virtual Result<HydratePage> to_hydrate(const HydrateQuery& query) = 0;
  /// How many there are of them, and when the stalest was last read; reads every row of the range.
  virtual Result<HydrateStatus> hydrate_overdue(const HydrateQuery& query) = 0;
  /// `issue` is a bit, or every_issue; issue types have baselines of all sources together only.
  virtual Result<std::vector<BaselineRow>> baseline(BrandId brand, SourceId source, std::string_view metric,
                                                    int issue = every_issue) = 0;
  /// Mentions that have an issue type, with their authors.
  virtual Result<std::vector<IssueRow>> issue_mentions(const HistoryPage& page) = 0;
  /// Newest lexicon version first.
  virtual Result<std::vector<AccuracyRow>> accuracy(BrandId brand) = 0;
  /// Newest lexicon version first, then `*`, then those that people gave oftenest.
  virtual Result<std::vector<IssueAccuracyRow>> issue_accuracy(BrandId brand) = 0;
  /// Rows of v_metric, by name.
  virtual Result<std::vector<MetricRow>> metrics() = 0;
  /// The number in the first row and column that a SELECT of a user's own gives, which may read v_* views and
  /// nothing else; nothing for NULL or no row. `:brand`, where it stands, is the brand's name. `invalid` for
  /// anything but one such SELECT, `timed_out` after `most`.
  virtual Result<std::optional<double>> ask(const std::string& sql, const std::string& brand,
                                            std::chrono::milliseconds most) = 0;
  virtual Result<std::vector<IncidentRow>> incidents(BrandId brand, Timestamp since, Timestamp until,
                                                     Members members = Members::yes) = 0;
  /// `invalid` when there is none; so is the next.
  virtual Result<IncidentRow> incident(IncidentId id) = 0;
  virtual Result<std::vector<IdeaRow>> ideas(BrandId brand, std::size_t limit,
                                             Members members = Members::yes) = 0;
  virtual Result<IdeaRow> idea(IdeaId id) = 0;
  /// Newest first, at most 1,000; `invalid` when there is none with that id.
  virtual Result<std::vector<CampaignRow>> campaigns(BrandId brand) = 0;
  virtual Result<CampaignRow> campaign(CampaignId id) = 0;
  virtual Result<std::vector<ClaimRow>> claims(BrandId brand) = 0;
  virtual Result<ClaimRow> claim(ClaimId id) = 0;
  /// Most people first, at most 1,000.
  virtual Result<std::vector<MisledRow>> misled(BrandId brand) = 0;
  virtual Result<MisledRow> misled(MisledId id) = 0;
  /// People's labels of mentions whose words are still there, newest first.
  virtual Result<std::vector<LabelRow>> labels(BrandId brand, std::size_t limit) = 0;
  /// … of one mention, for every brand.
  virtual Result<std::vector<LabelRow>> labels_of(MentionId mention) = 0;
  /// Mentions to be labelled, of the newest 5,000 that nobody labelled, in turn of every source and polarity:
  /// some drawn by chance, which tell how right the rules are, and those the rules are least sure of, which
  /// teach most, of near-identical texts one. At most 1,000.
  virtual Result<std::vector<MentionRow>> to_review(BrandId brand, std::size_t limit) = 0;
  /// What went where, newest first.
  virtual Result<std::vector<Delivery>> deliveries(const DeliveryFilter& filter) = 0;
  virtual Result<std::vector<DestinationState>> destinations() = 0;
  /// Time of the newest and oldest mention, nothing when the store is empty.
  virtual Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() = 0;
  virtual Result<StorageUse> storage() = 0;
  virtual Result<Versions> versions() = 0;
  /// What is kept of an account, named by its id on the platform or its handle; where pseudonyms are kept, by
  /// them or by the name. Reads every mention: seconds per million. `invalid` when there is nothing, or when
  /// several accounts had that handle; `forbidden` without the key by which a name becomes a pseudonym.
  virtual Result<AuthorTrace> author(std::string_view platform, std::string_view name) = 0;
  /// Hands out every row about them, as JSON, with the name of its table, until `take` fails.
  using RowTaker = std::function<Status(std::string_view table, std::string_view row)>;
  virtual Status author_rows(const AuthorTrace& trace, const RowTaker& take) = 0;
  /// Who people are, where they stand, and whether the brand keeps its word to them.
  virtual PeopleReader& people() = 0;
  /// What the content team works with: stories, pages, and how people put things (store/content.hpp).
  virtual ContentReader& content() = 0;
  /// Writes a whole and consistent copy of the main database to a new file, without the full-text index,
  /// which is made anew from it. The writer may go on meanwhile. Fails with `invalid` when the file is there.
  virtual Status backup(const std::string& file) = 0;
  /// Products that mentions named, by brand and name.
  virtual Result<std::vector<NamedProduct>> product_names() = 0;
  /// Names of issue types by bit, the company's own included.
  virtual Result<std::vector<std::pair<std::uint8_t, std::string>>> issue_names() = 0;
};

/// Holds a reader at one moment while it lives: the numbers of a page agree with one another, and none of its
/// questions waits for locks of its own. For short work: meanwhile the write-ahead log is not cut short.
class OneMoment {
 public:
  explicit OneMoment(Reader& reader) : reader_(reader) { reader_.hold(); }
  ~OneMoment() { reader_.release(); }
  OneMoment(const OneMoment&) = delete;
  OneMoment& operator=(const OneMoment&) = delete;

 private:
  Reader& reader_;
};

/// Feeds the full-text index with what was committed. Connections of its own; called by one thread, while
/// another writes. Fails like the readers, or with `disk_full`.
class Indexer {
 public:
  virtual ~Indexer() = default;
  /// Takes in what some `mentions_max` mentions brought, as one transaction; true: there may be more. With
  /// nothing to do it tidies the index a little. The default: few enough that a reader sees them soon, many
  /// enough that long runs are written.
  virtual Result<bool> advance(std::size_t mentions_max = 10'000) = 0;
};

/// The database: one writer, many readers. Blocking; the writer's methods are called from the store thread
/// alone.
class Store {
 public:
  virtual ~Store() = default;

  virtual Result<BrandId> ensure_brand(std::string_view name) = 0;
  virtual Result<SourceId> ensure_source(std::string_view name, std::string_view connector) = 0;
  /// Every source there ever was, with its connector.
  virtual Result<std::vector<std::pair<std::string, std::string>>> source_names() = 0;
  virtual Status ensure_issue_name(std::uint8_t bit, std::string_view name) = 0;
  /// Whether people's names are kept, which is settled when the first mention comes: the key that makes
  /// pseudonyms of them, or nothing where they are kept. `invalid` when there are mentions and it was settled
  /// otherwise: posts that come again would not be known again.
  virtual Result<std::shared_ptr<const KeyedHash>> ensure_pseudonyms(bool wanted) = 0;
  virtual Result<StreamState> stream(SourceId source, std::string_view name) = 0;

  /// One transaction for all pages: mentions, verdicts, rollups, cursors, gaps. All or nothing.
  virtual Result<std::vector<Receipt>> write(std::span<const Batch> batches) = 0;
  /// Replaces verdicts by the `rescored` ones, and all rollups of the hours in which the mentions lie: they
  /// must be all of these hours' mentions, as `whole_hours` gives them. One transaction, which also remembers
  /// that `next` comes next; none: the work is done.
  virtual Status rescore(std::span<const StoredMention> mentions, std::uint32_t lexicon_version,
                         MentionId next) = 0;
  /// Where scoring with this lexicon was broken off; none: nowhere.
  virtual Result<MentionId> rescored_to(std::uint32_t lexicon_version) = 0;
  /// Deletes at most `mentions_max` of the oldest mentions from before the hour of `before`, as one
  /// transaction; their counts stay in the rollups. Pages that bring such old mentions again are counted as
  /// unmatched from then on.
  virtual Result<Purged> purge(Timestamp before, std::size_t mentions_max) = 0;
  /// Makes tombstones of at most `mentions_max` mentions of one source that were last read before a moment,
  /// as one transaction; their counts stay. A source that nobody knows has none. Once all were looked at, it
  /// looks again an hour later at the earliest.
  virtual Result<Purged> expire(std::string_view source, Timestamp read_before, std::size_t mentions_max,
                                Timestamp now) = 0;
  /// Takes a person's words and names out of everything that is kept, as one transaction: mentions become
  /// tombstones, quotations leave findings and messages, who they are is forgotten. What was counted stays
  /// counted, per person under a number that leads to nobody. A page does not bring the mentions back.
  virtual Result<ErasureReport> erase(const AuthorTrace& trace, std::string_view reason, Timestamp now) = 0;
  /// True once none of it is left in the files either: the index has been rewritten, the live rows of the
  /// database copied to fresh pages (as long as a write of all of it, with as much free room once more), and
  /// the log cut short. An indexer must be at work, and no reader in the midst of reading. Cheap when nothing
  /// is left to do; who was interrupted goes on.
  virtual Result<bool> settle_erasure() = 0;
  /// When the oldest mention was written; nothing when there is none.
  virtual Result<std::optional<Timestamp>> oldest() = 0;
  /// Of the main file, without its free pages.
  virtual Result<std::int64_t> used_bytes() = 0;
  virtual Status report(SourceId source, const SourceReport& report) = 0;
  /// `asked` and `gone` are added to what was counted before.
  virtual Status report_hydrate(SourceId source, const HydrateStatus& report) = 0;
  virtual Status add_gap(SourceId source, std::string_view stream, const Gap& gap) = 0;

  /// Removes gaps of one reason that began at `since` or later: they were caught up with after all.
  virtual Status drop_gap(SourceId source, std::string_view stream, Timestamp since,
                          std::string_view reason) = 0;

  /// Findings replace those of the same brand and kind, in one transaction with their outbox rows.
  virtual Status write_baseline(BrandId brand, std::span<const BaselineRow> rows, Timestamp now) = 0;
  virtual Status write_incidents(BrandId brand, std::span<const IncidentRow> rows, Timestamp now) = 0;
  virtual Status write_ideas(BrandId brand, std::span<const IdeaRow> rows, Timestamp now) = 0;

  virtual Status write_service(BrandId brand, const ServiceFindings& findings) = 0;
  virtual Status write_people(BrandId brand, const PeopleFindings& findings) = 0;

  /// What is to be told goes into the outbox, unless the same was told within the four weeks before.
  virtual Status write_misled(BrandId brand, std::span<const MisledRow> rows, Timestamp now) = 0;

  /// What people decide; each call is one transaction, and the same again changes nothing. `invalid` names
  /// what is wrong with a decision. A label replaces polarity and issues of its verdict, and moves the
  /// rollups; it stays over whatever the rules say later. One status per label: those that are fine are
  /// written.
  virtual Result<std::vector<Status>> label(std::span<const Label> labels) = 0;
  Status label(const Label& one) {
    auto done = label(std::span(&one, 1));
    return done ? std::move(done->front()) : Status(unexpected(done.error()));
  }
  /// The rules' verdict returns; without a label nothing happens.
  virtual Status unlabel(MentionId mention, BrandId brand) = 0;
  virtual Status decide_idea(const IdeaDecision& decision) = 0;
  virtual Status decide_incident(const IncidentDecision& decision) = 0;
  virtual Status decide_waiting(const WaitingDecision& decision) = 0;
  virtual Result<CampaignId> decide_campaign(const CampaignDecision& decision) = 0;
  virtual Result<ClaimId> decide_claim(const ClaimDecision& decision) = 0;

  virtual Result<std::vector<OutboxItem>> outbox(std::size_t limit) = 0;
  /// Puts a row into the outbox; false when there is one of this key already, which stays as it is.
  virtual Result<bool> tell(std::string_view kind, const std::string& key, const std::string& payload,
                            Timestamp now) = 0;
  virtual Status delivered(std::int64_t outbox_id, Timestamp now) = 0;
  /// What goes where; lives as long as the store.
  virtual Deliveries& deliveries() = 0;
  /// Likewise of stories, pages and terms (store/content.hpp).
  virtual ContentWriter& content() = 0;
  /// Likewise of what changes that came with a key were answered (store/answers.hpp).
  virtual Answers& answers() = 0;

  /// Recomputes every rollup from the verdicts and compares; one line per difference. For tests and `doctor`.
  virtual Result<std::vector<std::string>> verify_rollups() = 0;
  /// Truncates the write-ahead log where no reader needs it.
  virtual Status checkpoint() = 0;

  virtual Result<std::unique_ptr<Reader>> reader() = 0;
  /// What is written is found by words only once an indexer has taken it in. On any thread.
  virtual Result<std::unique_ptr<Indexer>> indexer() = 0;
};

/// Opens or creates the database, migrates it forward, and recreates the views. Refuses a newer schema
/// (`forbidden`, naming both versions) and a database that another process writes (`busy`, naming its pid).
Result<std::unique_ptr<Store>> open_store(const std::string& path);
/// Read-only, while a daemon may be writing. Refuses what is not an Earshot database.
Result<std::unique_ptr<Reader>> open_reader(const std::string& path);

}  // namespace earshot::store
