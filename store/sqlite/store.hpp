#pragma once
#include <atomic>
#include <map>
#include <memory>

#include "store/lock.hpp"
#include "store/sqlite/answers.hpp"
#include "store/sqlite/content_writer.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/deliveries.hpp"
#include "store/sqlite/mention_writer.hpp"
#include "store/sqlite/rollups.hpp"
#include "store/store.hpp"

namespace earshot::store::sqlite {

/// The embedded backend: one file, WAL, synchronous=FULL.
class SqliteStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::string& path);

  Result<BrandId> ensure_brand(std::string_view name) override;
  Result<SourceId> ensure_source(std::string_view name, std::string_view connector) override;
  Result<std::vector<std::pair<std::string, std::string>>> source_names() override;
  Status ensure_issue_name(std::uint8_t bit, std::string_view name) override;
  Result<std::shared_ptr<const KeyedHash>> ensure_pseudonyms(bool wanted) override;
  Result<StreamState> stream(SourceId source, std::string_view name) override;
  Result<std::vector<Receipt>> write(std::span<const Batch> batches) override;
  Status rescore(std::span<const StoredMention> mentions, std::uint32_t lexicon_version,
                 MentionId next) override;
  Result<MentionId> rescored_to(std::uint32_t lexicon_version) override;
  Result<Purged> purge(Timestamp before, std::size_t mentions_max) override;
  Result<Purged> expire(std::string_view source, Timestamp read_before, std::size_t mentions_max,
                        Timestamp now) override;
  Result<ErasureReport> erase(const AuthorTrace& trace, std::string_view reason, Timestamp now) override;
  Result<bool> settle_erasure() override;
  Result<std::optional<Timestamp>> oldest() override;
  Result<std::int64_t> used_bytes() override;
  Status report(SourceId source, const SourceReport& report) override;
  Status report_hydrate(SourceId source, const HydrateStatus& report) override;
  Status add_gap(SourceId source, std::string_view stream, const Gap& gap) override;
  Status drop_gap(SourceId source, std::string_view stream, Timestamp since,
                  std::string_view reason) override;
  Status write_baseline(BrandId brand, std::span<const BaselineRow> rows, Timestamp now) override;
  Status write_incidents(BrandId brand, std::span<const IncidentRow> rows, Timestamp now) override;
  Status write_service(BrandId brand, const ServiceFindings& findings) override;
  Status write_people(BrandId brand, const PeopleFindings& found) override;
  Status write_ideas(BrandId brand, std::span<const IdeaRow> rows, Timestamp now) override;
  Status write_misled(BrandId brand, std::span<const MisledRow> rows, Timestamp now) override;
  using Store::label;
  Result<std::vector<Status>> label(std::span<const Label> labels) override;
  Status unlabel(MentionId mention, BrandId brand) override;
  Status decide_idea(const IdeaDecision& decision) override;
  Status decide_incident(const IncidentDecision& decision) override;
  Status decide_waiting(const WaitingDecision& decision) override;
  Result<CampaignId> decide_campaign(const CampaignDecision& decision) override;
  Result<ClaimId> decide_claim(const ClaimDecision& decision) override;
  Result<std::vector<OutboxItem>> outbox(std::size_t limit) override;
  Result<bool> tell(std::string_view kind, const std::string& key, const std::string& payload,
                    Timestamp now) override;
  Status delivered(std::int64_t outbox_id, Timestamp now) override;
  Deliveries& deliveries() override { return deliveries_; }
  ContentWriter& content() override { return content_; }
  Answers& answers() override { return answers_; }
  Result<std::vector<std::string>> verify_rollups() override { return rollups_.verify(); }
  Status checkpoint() override;
  Result<std::unique_ptr<Reader>> reader() override;
  Result<std::unique_ptr<Indexer>> indexer() override;

 private:
  SqliteStore() = default;
  Status prepare();
  Status take_key();
  Result<Receipt> write_one(const Batch& batch);
  Result<std::int64_t> advance(const Batch& batch);
  Status ensure_stream(SourceId source, std::string_view name);

  /// Mentions from before were let go, or are about to be: pages and rollups leave that time alone.
  void leave_alone_before(MentionId id);
  Status recall_purge();
  Status copy_live_rows(std::int64_t erasure);
  /// Drops from the queue what the index has taken in since it was last asked.
  Status trim_queue();

  Result<Status> label_one(const Label& label);

  /// Takes the mentions (a JSON array of ids) out of what quotes them or lists them by name; how many rows
  /// changed.
  Result<std::int64_t> unquote(const std::string& ids);
  /// Who they are to a brand; how many rows went.
  Result<std::int64_t> forget_person(const AuthorTrace& trace, const std::string& ids);

  /// Which lexicon judged last, for v_schema.
  Status note_lexicon(std::uint32_t version);

  /// How far a source's mentions were looked through for those that are kept too long.
  struct Expiry {
    MentionId reached = {};
    std::optional<Timestamp> done_at = {};
  };
  std::map<std::string, Expiry, std::less<>> expiries_;
  std::string path_;
  std::uint32_t lexicon_version_ = 0;  ///< as last noted; 0: not since the start or the last rollback
  std::shared_ptr<std::atomic<std::int64_t>> indexed_ = std::make_shared<std::atomic<std::int64_t>>(0);
  std::int64_t trimmed_ = 0;
  WriterLock lock_;
  std::shared_ptr<const KeyedHash> key_;  ///< before the connection, which uses it until it is closed
  std::int64_t copied_to_ = 0;            ///< the last erasure after which live rows were copied
  Database database_;
  SqliteDeliveries deliveries_{database_};
  SqliteContentWriter content_{database_};
  SqliteAnswers answers_{database_};
  Rollups rollups_;
  MentionWriter mentions_;
  Statement add_stream_, get_stream_, advance_, fence_, count_, report_, add_gap_, drop_gap_;
};

Result<std::unique_ptr<Reader>> open_reader(const std::string& path);

}  // namespace earshot::store::sqlite
