#include "daemon/cli/export_format.hpp"

#include "core/base/csv.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/views.hpp"
#include "daemon/parquet/parquet_writer.hpp"

namespace earshot::cli {
namespace {

class Ndjson final : public ExportFormat {
 public:
  explicit Ndjson(Sink sink) : sink_(std::move(sink)) {}
  Status begin() override { return Done{}; }
  Status add(const store::MentionRow& row, const std::string& brand) override {
    JsonWriter json;
    write_json(json, row, brand);
    return sink_(json.str() + "\n");
  }
  Status end() override { return Done{}; }

 private:
  Sink sink_;
};

class Csv final : public ExportFormat {
 public:
  explicit Csv(Sink sink) : sink_(std::move(sink)) {}
  Status begin() override {
    static constexpr std::string_view names[] = {
        "id",       "brand", "platform", "source", "native_id", "created_at", "author",  "url",
        "polarity", "score", "issues",   "lang",   "title",     "text",       "urgency", "severity"};
    return sink_(csv_line(names));
  }
  Status add(const store::MentionRow& row, const std::string& brand) override {
    const auto& verdict = row.verdict;
    const auto id = std::to_string(row.id.value);
    const auto created_at = format_rfc3339(row.created_at);
    const auto score = std::to_string(verdict.score);
    const auto issues = issue_list(verdict.issues);
    const auto urgency = std::to_string(verdict.urgency);
    const auto severity = std::to_string(verdict.severity);
    const std::string_view fields[] = {id,
                                       brand,
                                       row.platform,
                                       row.source,
                                       row.native_id,
                                       created_at,
                                       row.author_handle,
                                       row.url,
                                       to_string(verdict.polarity),
                                       score,
                                       issues,
                                       verdict.lang,
                                       row.title,
                                       row.text,
                                       urgency,
                                       severity};
    return sink_(csv_line(fields));
  }
  Status end() override { return Done{}; }

 private:
  Sink sink_;
};

class Parquet final : public ExportFormat {
 public:
  Parquet(const store::Versions& versions, Sink sink)
      : writer_(columns(), notes(versions), std::move(sink)) {}
  Status begin() override { return Done{}; }
  Status add(const store::MentionRow& row, const std::string& brand) override {
    const auto& verdict = row.verdict;
    writer_.add(row.id.value);
    for (const auto* text : {&brand, &row.platform, &row.source, &row.native_id})
      writer_.add(std::string_view(*text));
    writer_.add(row.created_at);
    for (const auto* text : {&row.author_handle, &row.url}) writer_.add(std::string_view(*text));
    writer_.add(row.reach);
    writer_.add(to_string(verdict.match));
    writer_.add(to_string(verdict.polarity));
    writer_.add(verdict.score);
    writer_.add(std::string_view(issue_list(verdict.issues)));
    writer_.add(std::string_view(intent_list(verdict.intents)));
    writer_.add(verdict.question);
    writer_.add(verdict.complaint);
    writer_.add(verdict.urgency);
    writer_.add(verdict.severity);
    for (const auto* text : {&verdict.lang, &row.title, &row.text}) writer_.add(std::string_view(*text));
    writer_.add(verdict.labelled);
    writer_.add(static_cast<std::int64_t>(verdict.lexicon_version));
    return writer_.end_row();
  }
  Status end() override { return writer_.finish(); }

 private:
  using Kind = parquet::Kind;
  static std::vector<parquet::Column> columns() {
    return {{"id", Kind::integer},
            {"brand", Kind::text},
            {"platform", Kind::text},
            {"source", Kind::text},
            {"native_id", Kind::text},
            {"created_at", Kind::time},
            {"author", Kind::text},
            {"url", Kind::text},
            {"reach", Kind::integer},
            {"match", Kind::text},
            {"polarity", Kind::text},
            {"score", Kind::real},
            {"issues", Kind::text},
            {"intents", Kind::text},
            {"question", Kind::boolean},
            {"complaint", Kind::boolean},
            {"urgency", Kind::real},
            {"severity", Kind::real},
            {"lang", Kind::text},
            {"title", Kind::text},
            {"text", Kind::text},
            {"labelled", Kind::boolean},
            {"lexicon_version", Kind::integer}};
  }
  static parquet::Writer::Notes notes(const store::Versions& versions) {
    return {{"earshot.schema_version", std::to_string(versions.schema)},
            {"earshot.views_version", versions.views},
            {"earshot.lexicon_version", std::to_string(versions.lexicon)}};
  }
  parquet::Writer writer_;
};

}  // namespace

std::unique_ptr<ExportFormat> export_format(const std::string& name, const store::Versions& versions,
                                            ExportFormat::Sink sink) {
  if (name == "ndjson") return std::make_unique<Ndjson>(std::move(sink));
  if (name == "csv") return std::make_unique<Csv>(std::move(sink));
  if (name == "parquet") return std::make_unique<Parquet>(versions, std::move(sink));
  return nullptr;
}

}  // namespace earshot::cli
