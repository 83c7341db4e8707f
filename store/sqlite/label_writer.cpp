#include "store/sqlite/label_writer.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* any_sql = "SELECT EXISTS (SELECT 1 FROM label)";
constexpr const char* find_sql = "SELECT polarity,issues FROM label WHERE mention_id=? AND brand_id=?";
/// ?1 … ?8: mention, brand, polarity, issues, top issue, note, by, at; ?9: the note is given. A label that
/// changes is measured against what the rules say now.
constexpr const char* save_label_sql =
    "INSERT INTO label SELECT v.mention_id,v.brand_id,m.source_id,?3,?4,?5,?6,?7,?8,v.polarity,v.issues,"
    "CASE v.polarity WHEN -1 THEN v.p_negative WHEN 0 THEN 1000-v.p_negative-v.p_positive "
    "WHEN 1 THEN v.p_positive ELSE 0 END,"
    "v.lexicon_version,v.polarity,v.score,v.p_negative,v.p_positive,v.issues,v.top_issue "
    "FROM verdict v JOIN mention m USING(mention_id) WHERE v.mention_id=?1 AND v.brand_id=?2 "
    "ON CONFLICT(mention_id,brand_id) DO UPDATE SET polarity=coalesce(?3,polarity),"
    "issues=coalesce(?4,issues),top_issue=CASE WHEN ?4 IS NULL THEN top_issue ELSE ?5 END,"
    "note=CASE WHEN ?9 THEN ?6 ELSE note END,labelled_by=?7,labelled_at=?8,"
    "said_polarity=rule_polarity,said_issues=rule_issues,said_confidence=CASE rule_polarity "
    "WHEN -1 THEN rule_p_negative WHEN 0 THEN 1000-rule_p_negative-rule_p_positive "
    "WHEN 1 THEN rule_p_positive ELSE 0 END,"
    "said_version=excluded.said_version "
    "WHERE polarity IS NOT coalesce(?3,polarity) OR issues IS NOT coalesce(?4,issues) OR "
    "(?4 IS NOT NULL AND top_issue IS NOT ?5) OR (?9 AND note IS NOT ?6)";
constexpr const char* keep_sql =
    "UPDATE label SET rule_polarity=v.polarity,rule_score=v.score,rule_p_negative=v.p_negative,"
    "rule_p_positive=v.p_positive,rule_issues=v.issues,rule_top_issue=v.top_issue FROM verdict v "
    "WHERE v.mention_id=?1 AND v.brand_id=?2 AND label.mention_id=?1 AND label.brand_id=?2";
constexpr const char* apply_sql =
    "UPDATE verdict SET polarity=coalesce(l.polarity,verdict.polarity),"
    "score=coalesce(1000*l.polarity,verdict.score),"
    "p_negative=coalesce(1000*(l.polarity=-1),verdict.p_negative),"
    "p_positive=coalesce(1000*(l.polarity=1),verdict.p_positive),issues=coalesce(l.issues,verdict.issues),"
    "top_issue=CASE WHEN l.issues IS NULL THEN verdict.top_issue ELSE l.top_issue END,"
    "labelled=(l.polarity IS NOT NULL)+2*(l.issues IS NOT NULL) FROM label l "
    "WHERE l.mention_id=?1 AND l.brand_id=?2 AND verdict.mention_id=?1 AND verdict.brand_id=?2";
constexpr const char* restore_sql =
    "UPDATE verdict SET polarity=l.rule_polarity,score=l.rule_score,p_negative=l.rule_p_negative,"
    "p_positive=l.rule_p_positive,issues=l.rule_issues,top_issue=l.rule_top_issue,labelled=NULL FROM label l "
    "WHERE l.mention_id=?1 AND l.brand_id=?2 AND verdict.mention_id=?1 AND verdict.brand_id=?2";
constexpr const char* drop_label_sql = "DELETE FROM label WHERE mention_id=? AND brand_id=?";
constexpr const char* drop_label_note_sql =
    "UPDATE label SET note=NULL WHERE mention_id=? AND note IS NOT NULL";

std::int64_t mask_of(const std::vector<std::uint8_t>& issues) {
  std::uint64_t mask = 0;
  for (const auto bit : issues) mask |= std::uint64_t{1} << bit;
  return static_cast<std::int64_t>(mask);
}

}  // namespace

Result<LabelWriter> LabelWriter::prepare(Database& database) {
  LabelWriter out;
  const std::pair<Statement*, const char*> all[] = {
      {&out.any_, any_sql},         {&out.find_, find_sql},
      {&out.save_, save_label_sql}, {&out.keep_, keep_sql},
      {&out.apply_, apply_sql},     {&out.restore_, restore_sql},
      {&out.drop_, drop_label_sql}, {&out.drop_note_, drop_label_note_sql}};
  for (const auto& [statement, sql] : all) {
    auto prepared = Statement::prepare(database, sql);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return out;
}

Status LabelWriter::run(Statement& statement, MentionId mention, BrandId brand) {
  Statement::Use use(statement);
  use.bind(mention.value).bind(brand.value);
  return use.run();
}

Status LabelWriter::save(const Label& label) {
  any_label_ = true;
  {
    Statement::Use use(save_);
    use.bind(label.mention.value).bind(label.brand.value);
    label.polarity ? use.bind(static_cast<std::int64_t>(*label.polarity)) : use.bind_null();
    label.issues ? use.bind(mask_of(*label.issues)) : use.bind_null();
    label.issues && !label.issues->empty() ? use.bind(static_cast<std::int64_t>(label.issues->front()))
                                           : use.bind_null();
    use.bind_text_or_null(label.note ? std::string_view(*label.note) : std::string_view());
    use.bind_text_or_null(label.by).bind(to_ms(label.at)).bind(static_cast<int>(label.note.has_value()));
    if (auto status = use.run(); !status) return status;
  }
  return run(apply_, label.mention, label.brand);
}

Status LabelWriter::remove(MentionId mention, BrandId brand) {
  if (auto status = run(restore_, mention, brand); !status) return status;
  return run(drop_, mention, brand);
}

Result<std::optional<Overruling>> LabelWriter::find(MentionId mention, BrandId brand) {
  if (!any_label_) {
    Statement::Use use(any_);
    if (use.step()) any_label_ = use.integer(0) != 0;
    if (auto status = use.finish(); !status) return unexpected(status.error());
  }
  if (!any_label_.value_or(true)) return std::optional<Overruling>();
  Statement::Use use(find_);
  use.bind(mention.value).bind(brand.value);
  std::optional<Overruling> found;
  if (use.step()) {
    found.emplace();
    if (const auto polarity = use.optional_integer(0)) found->polarity = static_cast<Polarity>(*polarity);
    if (const auto issues = use.optional_integer(1)) found->issues = static_cast<std::uint64_t>(*issues);
  }
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return found;
}

Result<bool> LabelWriter::has(MentionId mention, BrandId brand) {
  auto found = find(mention, brand);
  if (!found) return unexpected(found.error());
  return found->has_value();
}

Result<std::optional<Overruling>> LabelWriter::reapply(MentionId mention, BrandId brand) {
  auto found = find(mention, brand);
  if (!found || !*found) return found;
  if (auto status = run(keep_, mention, brand); !status) return unexpected(status.error());
  if (auto status = run(apply_, mention, brand); !status) return unexpected(status.error());
  return found;
}

Status LabelWriter::forget_words(MentionId mention) {
  Statement::Use use(drop_note_);
  use.bind(mention.value);
  return use.run();
}

}  // namespace earshot::store::sqlite
