#pragma once
#include "store/sqlite/content_reader.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/people_reader.hpp"
#include "store/store.hpp"

namespace earshot::store::sqlite {

/// Queries on a read-only connection. Each call is one short read transaction, unless the reader is held.
class SqliteReader final : public Reader {
 public:
  SqliteReader(Database database, std::string path)
      : database_(std::move(database)), path_(std::move(path)) {}

  void time_limit(std::chrono::milliseconds most) override { database_.time_limit(most); }
  void stop_when(std::stop_token stop) override { database_.stop_when(std::move(stop)); }
  void hold() override { static_cast<void>(database_.execute("BEGIN")); }
  void release() override { static_cast<void>(database_.execute("COMMIT")); }
  Result<std::vector<NamedBrand>> brands() override;
  Result<std::vector<SourceStatus>> sources() override;
  Result<std::optional<Cursor>> cursor(SourceId source, std::string_view stream) override;
  Result<std::vector<MentionRow>> mentions(const MentionFilter& filter) override;
  Result<std::vector<MentionRow>> mention(MentionId id) override;
  Result<std::vector<HourRow>> hours(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<HourRow>> days(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<SeriesRow>> series(BrandId brand, SourceId source, Timestamp since, Timestamp until,
                                        std::chrono::hours step) override;
  Result<std::vector<IssueCount>> issues(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<ToneCount>> tones(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<ProductCount>> products(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<TroubleRow>> troubles(const HistoryPage& page) override;
  Result<std::vector<MentionRow>> questions(const HistoryPage& page) override;
  Result<std::vector<MentionRow>> concerns(const HistoryPage& page) override;
  Result<std::vector<ContactRow>> contacts(const HistoryPage& page) override;
  Result<std::vector<WaitingRow>> waiting(BrandId brand, std::size_t limit, Timestamp now) override;
  Result<WaitingCount> waiting_count(BrandId brand, Timestamp now) override;
  Result<WaitingRow> waiting_of(BrandId brand, MentionId mention) override;
  Result<std::vector<ResponseDay>> response_days(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<JourneyRow>> journeys(BrandId brand, Timestamp since, Timestamp until,
                                           std::string_view outcome, std::size_t limit) override;
  Result<std::vector<JourneyCount>> journey_counts(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<LanguageCount>> languages(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<StoredMention>> whole_hours(MentionId from, std::size_t mentions_min) override;
  Result<std::vector<ReceivedRow>> received(SourceId source, MentionId after, std::size_t limit) override;
  Result<std::vector<GapRow>> gaps(Timestamp since, Timestamp until) override;
  Result<HydratePage> to_hydrate(const HydrateQuery& query) override;
  Result<HydrateStatus> hydrate_overdue(const HydrateQuery& query) override;
  Result<std::vector<BaselineRow>> baseline(BrandId brand, SourceId source, std::string_view metric,
                                            int issue) override;
  Result<std::vector<IssueRow>> issue_mentions(const HistoryPage& page) override;
  Result<std::vector<AccuracyRow>> accuracy(BrandId brand) override;
  Result<std::vector<IssueAccuracyRow>> issue_accuracy(BrandId brand) override;
  Result<std::vector<MetricRow>> metrics() override;
  Result<std::optional<double>> ask(const std::string& sql, const std::string& brand,
                                    std::chrono::milliseconds most) override;
  Result<std::vector<IncidentRow>> incidents(BrandId brand, Timestamp since, Timestamp until,
                                             Members members) override;
  Result<IncidentRow> incident(IncidentId id) override;
  Result<std::vector<IdeaRow>> ideas(BrandId brand, std::size_t limit, Members members) override;
  Result<IdeaRow> idea(IdeaId id) override;
  Result<std::vector<CampaignRow>> campaigns(BrandId brand) override;
  Result<CampaignRow> campaign(CampaignId id) override;
  Result<std::vector<ClaimRow>> claims(BrandId brand) override;
  Result<ClaimRow> claim(ClaimId id) override;
  Result<std::vector<MisledRow>> misled(BrandId brand) override;
  Result<MisledRow> misled(MisledId id) override;
  Result<std::vector<LabelRow>> labels(BrandId brand, std::size_t limit) override;
  Result<std::vector<LabelRow>> labels_of(MentionId mention) override;
  Result<std::vector<MentionRow>> to_review(BrandId brand, std::size_t limit) override;
  Result<std::vector<Delivery>> deliveries(const DeliveryFilter& filter) override;
  Result<std::vector<DestinationState>> destinations() override;
  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() override;
  Result<std::vector<NamedProduct>> product_names() override;
  Result<std::vector<std::pair<std::uint8_t, std::string>>> issue_names() override;
  Result<StorageUse> storage() override;
  Result<Versions> versions() override;
  Result<AuthorTrace> author(std::string_view platform, std::string_view name) override;
  Status author_rows(const AuthorTrace& trace, const RowTaker& take) override;
  PeopleReader& people() override { return people_; }
  ContentReader& content() override { return content_; }
  Status backup(const std::string& file) override;

 private:
  /// Adds what each row's verdict says of products.
  Result<std::vector<MentionRow>> with_products(Result<std::vector<MentionRow>> rows);
  template <typename Row>
  Result<std::vector<Row>> with_members(Result<std::vector<Row>> rows, const char* sql, Members members);
  /// Adds how far people took the brand's part.
  Result<std::vector<IncidentRow>> with_cover(Result<std::vector<IncidentRow>> rows);
  /// Attaches the full-text index, which the indexer may have made only now.
  Status need_search();

  Database database_;
  SqlitePeople people_{database_};
  SqliteContentReader content_{database_};
  std::string path_;
  bool searches_ = false;  ///< the index is attached
};

/// The SQL of a mentions query; the plan test reads it too. Parameters follow in the order of the filter's
/// fields.
std::string mentions_sql(const MentionFilter& filter);

/// The columns of a VerdictRow over `verdict v`; and the row they give, from column `first` on.
extern const char* const verdict_columns;
VerdictRow read_verdict(const Statement::Use& use, int first);

/// The columns and joins of a MentionRow, for queries over `verdict v`; and the rows such a query gives.
std::string mention_columns();
extern const char* const mention_joins;
Result<std::vector<MentionRow>> read_mentions(Statement::Use& use);

/// The parameters of a history query: brand, first id, id behind the last, number of rows.
void bind(Statement::Use& use, const HistoryPage& page);

/// The SQL of the history queries; the plan test reads it too.
std::string troubles_sql();
std::string questions_sql();
std::string concerns_sql();
std::string contacts_sql();
std::string hours_sql();
std::string days_sql();
std::string series_sql(bool by_day);
std::string issues_sql();
std::string languages_sql();
std::string claims_sql();
std::string products_sql();
std::string waiting_count_sql();
std::string journeys_sql(bool one_outcome);
std::string journey_counts_sql();
std::string tones_sql();
std::string issue_mentions_sql();
std::string whole_hours_sql();
std::string waiting_sql();
std::string labels_sql();
std::string review_sql();

}  // namespace earshot::store::sqlite
