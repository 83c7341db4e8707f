#include "core/base/csv.hpp"

#include <charconv>

namespace earshot {
namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

bool is_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size();
}

bool is_formula(std::string_view text) {
  if (text.empty() || std::string_view("=+-@\t\r").find(text.front()) == std::string_view::npos) return false;
  return !is_number(text);
}

}  // namespace

void CsvReader::push(std::string_view bytes, std::vector<CsvRow>& rows) {
  for (const char c : bytes) {
    if (bom_seen_ < bom.size()) {
      if (c == bom[bom_seen_]) {
        ++bom_seen_;
        continue;
      }
      for (std::size_t i = 0; i < bom_seen_; ++i) step(bom[i], rows);
      bom_seen_ = bom.size();
    }
    step(c, rows);
  }
}

void CsvReader::finish(std::vector<CsvRow>& rows) {
  if (bom_seen_ < bom.size())
    for (std::size_t i = 0; i < bom_seen_; ++i) step(bom[i], rows);
  bom_seen_ = bom.size();
  if (state_ == State::quoted) row_.damaged = true;
  if (row_started_) end_row(rows);
}

void CsvReader::step(char c, std::vector<CsvRow>& rows) {
  const bool lf_of_crlf = after_cr_ && c == '\n';
  after_cr_ = c == '\r';
  if (state_ == State::quoted) {
    if (c == '\n' && !lf_of_crlf) ++line_;
    if (c == '\r') ++line_;
    if (c == '"') state_ = State::quote_in_quoted;
    else keep(c);
    return;
  }
  if (state_ == State::quote_in_quoted) {
    if (c == '"') {
      keep(c);
      state_ = State::quoted;
      return;
    }
    if (c != separator_ && c != '\n' && c != '\r') row_.damaged = true;
    state_ = State::plain;
  }
  if (lf_of_crlf) return;
  if (c == '\n' || c == '\r') {
    if (row_started_) end_row(rows);
    ++line_;
    return;
  }
  if (!row_started_) {
    row_started_ = true;
    row_.line = line_;
  }
  if (c == separator_) {
    end_field();
  } else if (c == '"' && state_ == State::field_start) {
    state_ = State::quoted;
  } else {
    keep(c);
    state_ = State::plain;
  }
}

void CsvReader::keep(char c) {
  if (++row_bytes_ > row_bytes_max_) {
    row_.damaged = true;
    return;
  }
  field_.push_back(c);
}

void CsvReader::end_field() {
  // Empty fields cost memory too, so they have a limit of their own.
  if (row_.fields.size() <= row_bytes_max_ / sizeof(std::string)) row_.fields.push_back(std::move(field_));
  else row_.damaged = true;
  field_.clear();
  state_ = State::field_start;
}

void CsvReader::end_row(std::vector<CsvRow>& rows) {
  end_field();
  rows.push_back(std::move(row_));
  row_ = {};
  row_bytes_ = 0;
  row_started_ = false;
}

std::string csv_line(std::span<const std::string_view> fields) {
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out.push_back(',');
    const auto field = fields[i];
    const bool guard = is_formula(field);
    const bool quote = guard || field.find_first_of(",\"\r\n") != std::string_view::npos ||
                       (!field.empty() && (field.front() == ' ' || field.back() == ' '));
    if (!quote) {
      out += field;
      continue;
    }
    out.push_back('"');
    if (guard) out.push_back('\'');
    for (const char c : field) {
      if (c == '"') out.push_back('"');
      out.push_back(c);
    }
    out.push_back('"');
  }
  return out + "\r\n";
}

}  // namespace earshot
