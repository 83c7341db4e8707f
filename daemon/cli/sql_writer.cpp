#include "daemon/cli/sql_writer.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/csv.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"

namespace earshot::cli {
namespace {

constexpr std::size_t rows_aligned_together = 200;
constexpr int cell_width_max = 60;
constexpr std::int64_t exact_in_double = std::int64_t{1} << 53;

std::string hex_of(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

std::string number_text(double value) {
  JsonWriter out;
  out.value(value);
  return std::isfinite(value) ? out.str() : std::isnan(value) ? "" : value > 0 ? "Inf" : "-Inf";
}

}  // namespace

std::string SqlWriter::text_of(const store::SqlValue& value) const {
  using Kind = store::SqlValue::Kind;
  switch (value.kind) {
    case Kind::null: return {};
    case Kind::integer: return std::to_string(value.integer);
    case Kind::real: return number_text(value.real);
    case Kind::blob: return "x'" + hex_of(value.text) + "'";
    case Kind::text: break;
  }
  return terminal_ ? printable(value.text) : std::string(value.text);
}

void SqlWriter::columns(std::span<const std::string> names) {
  flush_table();
  names_.clear();
  for (const auto& name : names) {
    auto unique = name;
    for (int n = 2; std::ranges::find(names_, unique) != names_.end(); ++n)
      unique = name + "_" + std::to_string(n);
    names_.push_back(terminal_ ? printable(unique) : unique);
  }
  widths_.assign(names_.size(), 0);
  header_written_ = false;
  if (format_ != SqlFormat::csv) return;
  const std::vector<std::string_view> fields(names_.begin(), names_.end());
  put(csv_line(fields));
}

bool SqlWriter::row(std::span<const store::SqlValue> values) {
  ++rows_;
  switch (format_) {
    case SqlFormat::csv: write_csv(values); break;
    case SqlFormat::json: write_json(values); break;
    case SqlFormat::table: {
      std::vector<std::string> cells;
      for (const auto& value : values)
        cells.push_back(clip(squeeze_space(printable(text_of(value))), cell_width_max));
      waiting_.push_back(std::move(cells));
      if (waiting_.size() >= rows_aligned_together) flush_table();
      break;
    }
  }
  return std::ferror(out_) == 0;
}

void SqlWriter::write_csv(std::span<const store::SqlValue> values) {
  std::vector<std::string> texts;
  for (const auto& value : values) texts.push_back(text_of(value));
  const std::vector<std::string_view> fields(texts.begin(), texts.end());
  put(csv_line(fields));
}

void SqlWriter::write_json(std::span<const store::SqlValue> values) {
  using Kind = store::SqlValue::Kind;
  JsonWriter out;
  out.begin_object();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& value = values[i];
    out.key(names_[i]);
    if (value.kind == Kind::null)
      out.null();
    else if (value.kind == Kind::integer && value.integer > -exact_in_double &&
             value.integer < exact_in_double)
      out.value(value.integer);
    else if (value.kind == Kind::real)
      out.value(value.real);
    else
      out.value(text_of(value));
  }
  put(out.end_object().str() + "\n");
}

void SqlWriter::flush_table() {
  if (format_ != SqlFormat::table || names_.empty()) return;
  if (waiting_.empty() && header_written_) return;
  std::vector<std::vector<std::string>> lines = std::move(waiting_);
  waiting_.clear();
  if (!header_written_) {
    std::vector<std::string> header;
    for (const auto& name : names_) header.push_back(printable(name));
    lines.insert(lines.begin(), std::move(header));
  }
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths_[i] = std::max(widths_[i], display_width(line[i]));
  for (std::size_t r = 0; r < lines.size(); ++r) {
    const bool header = r == 0 && !header_written_;
    std::string text;
    for (std::size_t i = 0; i < lines[r].size(); ++i) {
      const auto& cell = lines[r][i];
      text += header && out_ == stdout ? paint(Colour::dim, cell) : cell;
      if (i + 1 < lines[r].size())
        text.append(static_cast<std::size_t>(widths_[i] - display_width(cell) + 2), ' ');
    }
    put(text + "\n");
  }
  header_written_ = true;
}

bool SqlWriter::finish() {
  flush_table();
  names_.clear();
  return std::fflush(out_) == 0 && std::ferror(out_) == 0;
}

}  // namespace earshot::cli
