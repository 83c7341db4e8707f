// What the brand does and promises, as people enter it: campaigns and claims.
#include "store/sqlite/decision_checks.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/rows_of.hpp"
#include "store/sqlite/store.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* campaign_columns =
    "SELECT campaign_id,brand_id,name,from_at,to_at,url,note,decided_at FROM campaign ";
constexpr const char* claim_columns =
    "SELECT c.claim_id,c.brand_id,c.campaign_id,g.name,c.product,c.text,c.text_before,c.url,c.from_at,"
    "c.to_at,c.edited_at,c.decided_at FROM claim c LEFT JOIN campaign g ON g.campaign_id=c.campaign_id ";
constexpr const char* save_campaign_sql =
    "INSERT INTO campaign VALUES(?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT(campaign_id) DO UPDATE SET "
    "name=?3,from_at=?4,to_at=?5,url=?6,note=?7,decided_at=?8 RETURNING campaign_id";
constexpr const char* save_claim_sql =
    "INSERT INTO claim VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT(claim_id) DO UPDATE SET "
    "campaign_id=?3,product=?4,text=?5,text_before=?6,url=?7,from_at=?8,to_at=?9,edited_at=?10,"
    "decided_at=?11 RETURNING claim_id";

CampaignRow read_campaign(const Statement::Use& use) {
  return CampaignRow{.id = CampaignId{use.integer(0)},
                     .brand = BrandId{use.integer(1)},
                     .name = std::string(use.text(2)),
                     .url = std::string(use.text(5)),
                     .note = std::string(use.text(6)),
                     .from = from_ms(use.integer(3)),
                     .to = optional_time(use, 4),
                     .decided_at = from_ms(use.integer(7))};
}

ClaimRow read_claim(const Statement::Use& use) {
  ClaimRow row{.id = ClaimId{use.integer(0)},
               .brand = BrandId{use.integer(1)},
               .campaign_name = std::string(use.text(3)),
               .product = std::string(use.text(4)),
               .text = std::string(use.text(5)),
               .text_before = std::string(use.text(6)),
               .url = std::string(use.text(7)),
               .from = from_ms(use.integer(8)),
               .to = optional_time(use, 9),
               .edited_at = optional_time(use, 10),
               .decided_at = from_ms(use.integer(11))};
  if (const auto campaign = use.optional_integer(2)) row.campaign = CampaignId{*campaign};
  return row;
}

/// Rows with one number for a parameter.
template <typename Row>
Result<std::vector<Row>> rows_with(Database& database, const std::string& sql, std::int64_t number,
                                   Row (*read)(const Statement::Use&)) {
  return rows_of<Row>(
      database, sql, [&](Statement::Use& use) { use.bind(number); }, read);
}

template <typename Row>
Result<Row> only(Result<std::vector<Row>> rows, const char* what, std::int64_t id) {
  if (!rows) return unexpected(rows.error());
  if (rows->empty())
    return unexpected(ErrorKind::invalid, std::string("there is no ") + what + " " + std::to_string(id));
  return std::move(rows->front());
}

Result<CampaignRow> campaign_of(Database& database, CampaignId id) {
  return only(
      rows_with(database, std::string(campaign_columns) + "WHERE campaign_id=?", id.value, read_campaign),
      "campaign", id.value);
}

Result<ClaimRow> claim_of(Database& database, ClaimId id) {
  return only(rows_with(database, std::string(claim_columns) + "WHERE c.claim_id=?", id.value, read_claim),
              "claim", id.value);
}

Status brand_is_known(Database& database, BrandId brand) {
  auto found = rows_of<bool>(
      database, "SELECT 1 FROM brand WHERE brand_id=?", [&](Statement::Use& use) { use.bind(brand.value); },
      [](const Statement::Use&) { return true; });
  if (!found) return unexpected(found.error());
  return found->empty() ? wrong("there is no such brand") : Status(Done{});
}

void set(std::string& into, const std::optional<std::string>& given) {
  if (given) into = *given;
}

/// An end that may be taken away.
void set(std::optional<Timestamp>& into, const std::optional<Timestamp>& given) {
  if (!given) return;
  into = *given;
  if (*given == Timestamp{}) into.reset();
}

Status in_order(Timestamp from, const std::optional<Timestamp>& to) {
  if (from == Timestamp{}) return wrong("it needs a beginning");
  return to && *to <= from ? wrong("it ends before it begins") : Status(Done{});
}

/// Runs an upsert that returns the id.
template <typename Bind>
Result<std::int64_t> save(Database& database, const char* sql, Bind&& bind) {
  auto ids = rows_of<std::int64_t>(database, sql, std::forward<Bind>(bind),
                                   [](const Statement::Use& use) { return use.integer(0); });
  if (!ids) return unexpected(ids.error());
  if (ids->size() != 1) return unexpected(ErrorKind::internal, "an upsert returned no row");
  return ids->front();
}

template <typename Id>
void bind_id(Statement::Use& use, Id id) {
  id.value != 0 ? use.bind(id.value) : use.bind_null();
}

/// The campaign that is meant, as it is; one that is to be added has no id and may have no name yet.
Result<CampaignRow> before(Database& database, const CampaignDecision& decision) {
  if (decision.id) return campaign_of(database, decision.id);
  if (auto status = brand_is_known(database, decision.brand); !status) return unexpected(status.error());
  auto found = rows_of<CampaignRow>(
      database, std::string(campaign_columns) + "WHERE brand_id=? AND name=?",
      [&](Statement::Use& use) { use.bind(decision.brand.value).bind(decision.name); }, read_campaign);
  if (!found) return unexpected(found.error());
  return found->empty() ? CampaignRow{.brand = decision.brand} : std::move(found->front());
}

Result<ClaimRow> before(Database& database, const ClaimDecision& decision) {
  if (decision.id) return claim_of(database, decision.id);
  if (auto status = brand_is_known(database, decision.brand); !status) return unexpected(status.error());
  auto found = rows_of<ClaimRow>(
      database, std::string(claim_columns) + "WHERE c.brand_id=?1 AND c.text=?2 AND c.from_at=?3",
      [&](Statement::Use& use) {
        use.bind(decision.brand.value).bind(decision.text);
        use.bind(to_ms(decision.from.value_or(Timestamp{})));
      },
      read_claim);
  if (!found) return unexpected(found.error());
  return found->empty() ? ClaimRow{.brand = decision.brand} : std::move(found->front());
}

/// Another campaign of the brand has that name already.
Status name_is_free(Database& database, const CampaignRow& row) {
  auto others = rows_of<bool>(
      database, "SELECT 1 FROM campaign WHERE brand_id=? AND name=? AND campaign_id<>?",
      [&](Statement::Use& use) { use.bind(row.brand.value).bind(row.name).bind(row.id.value); },
      [](const Statement::Use&) { return true; });
  if (!others) return unexpected(others.error());
  return others->empty() ? Status(Done{}) : wrong("another campaign is called '" + row.name + "' already");
}

Status check(Database& database, const ClaimRow& row) {
  if (row.text.empty()) return wrong("a claim needs its words");
  auto status = fits(row.text, note_max, "claim");
  if (status) status = fits(row.product, name_max, "product's name");
  if (status) status = fits(row.url, link_max, "url");
  if (status) status = is_link(row.url);
  if (status) status = in_order(row.from, row.to);
  if (!status || !row.campaign) return status;
  auto campaign = campaign_of(database, *row.campaign);
  if (!campaign) return unexpected(campaign.error());
  return campaign->brand == row.brand ? Status(Done{}) : wrong("that campaign is another brand's");
}

/// What a decision makes of a claim.
ClaimRow changed(ClaimRow row, const ClaimDecision& decision) {
  if (decision.campaign) row.campaign = *decision.campaign ? decision.campaign : std::nullopt;
  if (row.id && decision.text && *decision.text != row.text) {
    row.text_before = row.text;
    row.edited_at = decision.at;
  }
  set(row.text, decision.text);
  set(row.product, decision.product);
  set(row.url, decision.url);
  if (decision.from) row.from = *decision.from;
  set(row.to, decision.to);
  set(row.edited_at, decision.edited_at);
  return row;
}

}  // namespace

Result<CampaignId> SqliteStore::decide_campaign(const CampaignDecision& decision) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto known = before(database_, decision);
  if (!known) return unexpected(known.error());
  auto row = *known;
  set(row.name, decision.name);
  set(row.url, decision.url);
  set(row.note, decision.note);
  if (decision.from) row.from = *decision.from;
  set(row.to, decision.to);
  auto status = row.name.empty() ? wrong("a campaign needs a name") : fits(row.name, name_max, "name");
  if (status) status = fits(row.url, link_max, "url");
  if (status) status = is_link(row.url);
  if (status) status = fits(row.note, note_max, "note");
  if (status) status = in_order(row.from, row.to);
  if (status) status = name_is_free(database_, row);
  if (!status) return unexpected(status.error());
  if (row.id && row == *known) return row.id;
  auto id = save(database_, save_campaign_sql, [&](Statement::Use& use) {
    bind_id(use, row.id);
    use.bind(row.brand.value).bind(row.name).bind(to_ms(row.from));
    use.bind(row.to);
    use.bind_text_or_null(row.url).bind_text_or_null(row.note).bind(to_ms(decision.at));
  });
  if (!id) return unexpected(id.error());
  if (status = transaction->commit(); !status) return unexpected(status.error());
  return CampaignId{*id};
}

Result<ClaimId> SqliteStore::decide_claim(const ClaimDecision& decision) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  auto known = before(database_, decision);
  if (!known) return unexpected(known.error());
  const auto row = changed(*known, decision);
  if (auto status = check(database_, row); !status) return unexpected(status.error());
  if (row.id && row == *known) return row.id;
  auto id = save(database_, save_claim_sql, [&](Statement::Use& use) {
    bind_id(use, row.id);
    use.bind(row.brand.value);
    bind_id(use, row.campaign.value_or(CampaignId{}));
    use.bind_text_or_null(row.product).bind(row.text).bind_text_or_null(row.text_before);
    use.bind_text_or_null(row.url).bind(to_ms(row.from));
    use.bind(row.to);
    use.bind(row.edited_at);
    use.bind(to_ms(decision.at));
  });
  if (!id) return unexpected(id.error());
  if (auto status = transaction->commit(); !status) return unexpected(status.error());
  return ClaimId{*id};
}

Result<std::vector<CampaignRow>> SqliteReader::campaigns(BrandId brand) {
  return rows_with(
      database_,
      std::string(campaign_columns) + "WHERE brand_id=? ORDER BY from_at DESC,campaign_id DESC LIMIT 1000",
      brand.value, read_campaign);
}

Result<CampaignRow> SqliteReader::campaign(CampaignId id) { return campaign_of(database_, id); }

Result<std::vector<ClaimRow>> SqliteReader::claims(BrandId brand) {
  return rows_with(database_, claims_sql(), brand.value, read_claim);
}

Result<ClaimRow> SqliteReader::claim(ClaimId id) { return claim_of(database_, id); }

std::string claims_sql() {
  return std::string(claim_columns) + "WHERE c.brand_id=? ORDER BY c.from_at DESC,c.claim_id DESC LIMIT 1000";
}

}  // namespace earshot::store::sqlite
