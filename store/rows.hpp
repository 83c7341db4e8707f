#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/distinct.hpp"
#include "core/base/strong_id.hpp"
#include "core/model/brand.hpp"
#include "core/model/mention.hpp"
#include "core/model/page.hpp"
#include "core/model/quota.hpp"
#include "core/model/verdict.hpp"
#include "store/decisions.hpp"
#include "store/findings.hpp"
#include "store/people.hpp"

/// What the store gives to its readers: plain rows.
namespace earshot::store {

struct NamedBrand {
  BrandId id = {};
  std::string name = {};
};

using ProductId = StrongId<struct ProductTag>;  ///< row of `product`

/// A product of a brand by its number, which no other product has.
struct NamedProduct {
  ProductId id = {};
  BrandId brand = {};
  std::string name = {};
};

/// How a source follows what becomes of its mentions at the platform.
struct HydrateStatus {
  Timestamp at = {};                        ///< when it last asked, or looked whether it must
  std::int64_t asked = 0, gone = 0;         ///< mentions asked for again; of those, deleted there
  std::int64_t overdue = 0;                 ///< mentions not read again within the platform's window
  std::optional<Timestamp> oldest_at = {};  ///< when the stalest of those was last read
  bool operator==(const HydrateStatus&) const = default;
};

/// Which of a source's mentions may be asked for again: of ids within (after, up_to], last read before a
/// moment.
struct HydrateQuery {
  SourceId source = {};
  MentionId after = {}, up_to = {};
  Timestamp read_before = {};
  std::size_t limit = 100;
};

/// A stored mention as its platform can be asked for it.
struct HydrateRow {
  MentionId id = {};
  std::string native_id = {}, url = {}, in_reply_to = {}, conversation = {}, extra = {};
  Timestamp created_at = {};
  bool operator==(const HydrateRow&) const = default;
};

/// Some of them, oldest first, and up to where the store was looked through.
struct HydratePage {
  std::vector<HydrateRow> rows = {};
  MentionId reached = {};
};

struct SourceStatus {
  SourceId id = {};
  std::string name = {};
  std::string connector = {};
  std::string state = {};
  std::optional<Timestamp> last_ok_at = {};
  std::optional<Timestamp> last_error_at = {};
  std::string last_error = {};
  std::int64_t fail_count = 0;
  std::optional<Timestamp> next_poll_at = {};
  std::int64_t received = 0, stored = 0, duplicate = 0, updated = 0, unmatched = 0, malformed = 0;
  std::optional<Quota> quota = {};            ///< nothing: the platform says nothing of a rate budget
  std::optional<HydrateStatus> hydrate = {};  ///< nothing: mentions are not asked for again
  std::optional<double> poll_rate = {};  ///< share of the polls wanted that the budget allows; nothing: all
  /// When something was pushed to it last. Only its connector can tell: see daemon/source_list.hpp.
  std::optional<Timestamp> last_push_at = {};
};

/// How a poll went, for the source's status row.
struct SourceReport {
  std::string state = {};
  std::string error = {};  ///< empty: it went well
  std::int64_t fail_count = 0;
  Timestamp at = {};
  std::optional<Timestamp> next_poll_at = {};
  std::optional<Quota> quota = {};       ///< nothing: what was known stays
  std::optional<double> poll_rate = {};  ///< nothing: every poll that is wanted is made
};

struct StreamState {
  std::optional<Cursor> cursor = {};
  std::int64_t epoch = 0;
  std::optional<Timestamp> caught_up_at = {};
};

/// What a mention says of one product.
struct ProductRow {
  std::string product = {};
  Polarity polarity = Polarity::unscored;
  double score = 0;
  bool operator==(const ProductRow&) const = default;
};

/// The part of a verdict that is stored.
struct VerdictRow {
  BrandId brand = {};
  MatchKind match = MatchKind::query;
  Polarity polarity = Polarity::unscored;
  double score = 0;
  std::uint64_t issues = 0;  ///< bit mask over IssueType
  std::optional<std::uint8_t> top_issue = {};
  std::uint32_t intents = 0;  ///< bit mask over Intent
  bool question = false;
  bool complaint = false;
  double urgency = 0;  ///< 0 … 1; 0 also where a verdict is older than it; so is the next
  double severity = 0;
  std::string lang = {};
  std::uint32_t lexicon_version = 0;
  bool labelled = false;  ///< a person said one of the two that follow; the score is then −1, 0 or 1
  bool polarity_labelled = false, issues_labelled = false;
  std::vector<ProductRow> products = {};  ///< those that the mention names, by name

  bool has(IssueType type) const { return issues >> static_cast<unsigned>(type) & 1U; }
  bool has(Intent intent) const { return intents >> static_cast<unsigned>(intent) & 1U; }
};

/// A stored mention with one brand's verdict.
struct MentionRow {
  MentionId id = {};
  std::string platform = {}, source = {}, native_id = {}, author_handle = {}, url = {}, title = {}, text = {},
              in_reply_to = {}, conversation = {};
  std::uint64_t author_key = 0;
  std::uint64_t fingerprint = 0;
  std::int64_t reach = 0;
  Timestamp created_at = {};
  bool deleted = false;
  VerdictRow verdict = {};
};

/// A stored mention as it is scored again: what analysis reads of it, and every verdict it has.
struct StoredMention {
  MentionId id = {};
  SourceId source = {};
  std::uint64_t author_key = 0;
  std::int64_t reach = 0;
  Mention mention = {};  ///< platform, native id, title, text, language, author; `deleted`: without words
  std::vector<VerdictRow> verdicts = {};
  std::vector<BrandVerdict> rescored = {};  ///< what replaces them; empty: they stay
};

/// A mention with everything that is kept of it, and the item it was read from.
struct ReceivedRow {
  MentionId id = {};
  Mention mention = {};    ///< without tags and links; `raw` is the item as it was received, empty: damaged
  std::string tags = {};   ///< JSON array, or empty
  std::string links = {};  ///< likewise
};

/// What the database takes on disk, and how it grows.
struct StorageUse {
  std::int64_t database_bytes = 0, free_bytes = 0;  ///< main file; pages in it that wait to be used again
  std::int64_t log_bytes = 0, search_bytes = 0;     ///< write-ahead log; full-text index with its own
  std::int64_t mentions = 0;                        ///< that are kept
  std::int64_t week_mentions = 0;                   ///< counted in the seven days before the newest mention
  std::int64_t search_waiting = 0;                  ///< transactions the full-text index has not taken in
};

/// What a database was made by; the first counts migrations, the second is that of the views.
struct Versions {
  std::int64_t schema = 0;
  std::string views = {};
  std::int64_t lexicon = 0;  ///< 0: nothing was judged yet
};

/// What one batch of letting go came to.
struct Purged {
  std::int64_t mentions = 0;
  bool more = false;  ///< the batch was full
};

struct MentionFilter {
  std::optional<BrandId> brand = {};
  std::optional<Timestamp> since = {}, until = {};  ///< by time of identity, [since, until)
  std::optional<Polarity> polarity = {};
  std::optional<IssueType> issue = {};
  bool no_issue = false;  ///< only those without any issue type
  bool contact = false;   ///< only what asks for an answer: complaints, questions, requests, threats to leave
  bool counted = false;   ///< only what the rollups count: without the brand's own posts and spam
  bool own = false;       ///< only the brand's own posts
  std::optional<Intent> intent = {};
  std::optional<std::string> source = {};
  std::optional<std::string> lang = {};   ///< such as "de"; "und": none was recognised
  std::optional<ProductId> product = {};  ///< that the mention names
  std::string search = {};                ///< full-text: words, "phrases", prefix*, NEAR(), AND OR NOT
  std::optional<MentionId> before = {};   ///< keyset: only ids below
  std::size_t limit = 50;
};

/// One hour of one brand in one source; or one UTC day of them, where days are asked for.
struct HourRow {
  Timestamp hour_at = {};  ///< where it begins
  SourceId source = {};
  std::int64_t mentions = 0, positive = 0, neutral = 0, negative = 0, unscored = 0, score_sum = 0,
               questions = 0, complaints = 0, reach = 0, own = 0, spam = 0;
  DistinctSketch authors = {}, negative_authors = {};
  bool operator==(const HourRow&) const = default;
};

/// Counts of one brand within one step of a series.
struct SeriesRow {
  Timestamp at = {};  ///< where the step begins
  std::int64_t mentions = 0, positive = 0, neutral = 0, negative = 0;
  bool operator==(const SeriesRow&) const = default;
};

struct IssueCount {
  std::uint8_t issue = 0;
  std::int64_t mentions = 0, negative = 0;
  bool operator==(const IssueCount&) const = default;
};

/// Mentions that share a polarity and their issue types.
struct ToneCount {
  Polarity polarity = Polarity::unscored;  ///< never unscored in what a reader gives
  std::uint64_t issues = 0;                ///< bit mask over IssueType
  std::int64_t mentions = 0;
  bool operator==(const ToneCount&) const = default;
};

/// What was said of one product of a brand.
struct ProductCount {
  std::string product = {};
  std::int64_t mentions = 0, positive = 0, neutral = 0, negative = 0, unscored = 0;
  bool operator==(const ProductCount&) const = default;
};

/// One mention that reports trouble with a brand, as lean as counting needs it.
struct TroubleRow {
  MentionId id = {};
  SourceId source = {};
  std::uint64_t author_key = 0;   ///< 0: unknown
  std::uint64_t fingerprint = 0;  ///< 0: none
  std::uint64_t issues = 0;       ///< bit mask over IssueType
  std::int64_t text_bytes = 0;
  bool operator==(const TroubleRow&) const = default;
};

/// One mention with its issue types, as lean as counting needs it.
struct IssueRow {
  MentionId id = {};
  std::uint64_t issues = 0;      ///< bit mask over IssueType, never 0
  std::uint64_t author_key = 0;  ///< 0: unknown
  bool operator==(const IssueRow&) const = default;
};

/// A post in a brand's conversations, the brand's own included. Hashes are of (platform, native id); 0:
/// unknown.
struct ContactRow {
  MentionId id = {};
  SourceId source = {};
  std::uint64_t post = 0, parent = 0, thread = 0;
  std::uint64_t local = 0;        ///< another name of the post, by which replies may call it
  std::uint64_t author_key = 0;   ///< 0: unknown
  std::uint64_t fingerprint = 0;  ///< 0: none
  std::int64_t text_bytes = 0;
  std::int64_t reach = 0;
  Timestamp created_at = {};
  bool article = false;                                         ///< of the press, which asks nobody
  VerdictRow verdict = {};                                      ///< without products
  std::string text = {}, author_handle = {}, author_name = {};  ///< for who reads them; not worth keeping
};

/// A mention that waits for an answer.
struct WaitingRow {
  MentionId id = {};
  int priority = 0;                      ///< 0 … 100
  std::string reasons = {};              ///< JSON: what the priority is made of, in points
  bool at_risk = false;                  ///< complains or threatens to leave
  std::optional<Timestamp> due_at = {};  ///< by when it should be answered; nothing where no target is set
  // Read only, from what people decided.
  std::string state = "waiting";  ///< waiting, done, snoozed (in a queue: its time has come), dismissed
  std::string owner = {}, note = {};
  std::optional<Timestamp> until = {};
  bool operator==(const WaitingRow&) const = default;
};

/// How what came in on one day (UTC) from one source was answered.
struct ResponseDay {
  Timestamp day_at = {};
  SourceId source = {};
  std::int64_t contacts = 0, answered = 0, settled = 0;
  std::optional<std::int64_t> median_s = {}, slow_s = {};
  /// The same in business hours; nothing where the brand has named none.
  std::optional<std::int64_t> open_median_s = {}, open_slow_s = {};
  std::int64_t late = 0;  ///< answered after their target, or not answered until it was over
  bool operator==(const ResponseDay&) const = default;
};

/// Who waits for an answer, as numbers.
struct WaitingCount {
  std::int64_t people = 0;
  std::int64_t at_risk = 0;  ///< of them: complain or threaten to leave
  bool operator==(const WaitingCount&) const = default;
};

/// How the journeys that began on one day (UTC) went on.
struct JourneyCount {
  Timestamp day_at = {};
  std::string outcome = {};
  std::int64_t journeys = 0;
  bool operator==(const JourneyCount&) const = default;
};

/// The story of an unhappy customer.
struct JourneyRow {
  MentionId rant = {};
  std::uint64_t author_key = 0;
  std::string outcome = {};  ///< of analysis::Outcome
  bool fallen = false;
  std::optional<std::uint8_t> issue = {};
  std::optional<MentionId> reply = {}, last = {};
  std::string author_handle = {};  ///< read only
  bool operator==(const JourneyRow&) const = default;
};

/// What the service job finds of one brand. Days and journeys that began before `since` are left as they are.
struct ServiceFindings {
  Timestamp since = {};
  std::vector<WaitingRow> waiting = {};  ///< most urgent first
  std::vector<ResponseDay> days = {};
  std::vector<JourneyRow> journeys = {};
};

struct LanguageCount {
  std::string lang = {};
  std::int64_t mentions = 0, unscored = 0;
  bool operator==(const LanguageCount&) const = default;
};

/// A stretch of one brand's history, read backwards page by page: ids below `before` within [since, until).
struct HistoryPage {
  BrandId brand = {};
  Timestamp since = {}, until = {};
  std::optional<MentionId> before = {};
  std::size_t limit = 1000;
};

struct GapRow {
  SourceId source = {};
  std::string source_name = {}, stream = {};
  Gap gap = {};
};

/// A share of all mentions that labels tell of, with its 95 % interval.
struct LabelShare {
  double value = 0, low = 0, high = 0;
  bool operator==(const LabelShare&) const = default;
};

/// How often the rules were right about one polarity, by people's labels: v_accuracy of all sources together.
struct AccuracyRow {
  std::uint32_t lexicon_version = 0;
  std::string polarity = {};
  std::int64_t labels = 0, agreed = 0;  ///< of every polarity together
  std::int64_t said = 0, meant = 0, hits = 0;
  std::int64_t drawn = 0;  ///< of `labels`: of mentions drawn by chance
  /// Of all mentions, as far as the labels tell; nothing where nothing was labelled so.
  std::optional<LabelShare> agreement = {}, precision = {}, recall = {};
};

/// The same of one issue type, or of all together (`*`, but for other): v_issue_accuracy of all sources.
struct IssueAccuracyRow {
  std::uint32_t lexicon_version = 0;
  std::string issue = {};
  std::int64_t labels = 0, drawn = 0;  ///< that say which issue types apply, whichever they are
  std::int64_t said = 0, meant = 0, hits = 0;
  std::optional<LabelShare> precision = {}, recall = {};
};

/// A number that can be asked for by its name: a row of v_metric.
struct MetricRow {
  std::string name = {}, unit = {}, definition = {};
};

struct OutboxItem {
  std::int64_t id = 0;
  std::string kind = {}, key = {}, payload = {};
  Timestamp created_at = {};
};

}  // namespace earshot::store
