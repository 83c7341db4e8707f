#include "analysis/text/lexicon_format.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

/// Larger numbers are typing mistakes: a logit of 20 decides against everything else.
constexpr float value_max = 20;

std::optional<float> number_from(std::string_view text) {
  float value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return std::abs(value) <= value_max ? std::optional(value) : std::nullopt;
}

Unexpected mistake(std::string_view file, std::size_t line, std::size_t column, std::string_view what) {
  return unexpected(ErrorKind::invalid, fmt::format("{}: line {}, column {}: {}", file, line, column, what));
}

std::size_t column_of(std::string_view line, std::string_view part) {
  return static_cast<std::size_t>(part.data() - line.data()) + 1;
}

void read_header(std::string_view line, LexiconFile& file) {
  const auto body = trim(line.substr(1));
  if (body.starts_with("language:")) file.language = trim(body.substr(9));
  if (body == "topics only") file.topics_only = true;
  if (body.starts_with("version:")) {
    const auto digits = trim(body.substr(8));
    std::from_chars(digits.data(), digits.data() + digits.size(), file.version);
  }
}

}  // namespace

Result<LexiconFile> parse_lexicon(std::string_view name, std::string_view text) {
  static constexpr Facet columns[] = {Facet::valence, Facet::negative, Facet::neutral, Facet::positive};
  LexiconFile file{
      .name = std::string(name), .version = 0, .language = "*", .topics_only = false, .lines = {}};
  std::uint32_t number = 0;
  for (auto line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trim(line).empty()) continue;
    if (line.front() == '#' && (line.size() == 1 || line[1] == ' ')) {
      read_header(line, file);
      continue;
    }
    const auto cells = split(line, '\t');
    LexiconLine entry{.term = trim(cells[0]), .number = number, .settings = {}};
    if (entry.term.starts_with("not:") && entry.term.size() > 4) {
      entry.negated = true;
      entry.term.remove_prefix(4);
    }
    if (entry.term.empty()) return mistake(name, number, 1, "the term is missing");
    for (std::size_t i = 1; i < cells.size(); ++i) {
      const auto cell = trim(cells[i]);
      if (cell.empty() || cell == "-") continue;
      if (i <= std::size(columns)) {
        const auto value = number_from(cell);
        if (!value)
          return mistake(name, number, column_of(line, cells[i]),
                         "expected a number between -20 and 20, or '-'");
        entry.settings.push_back({.facet = columns[i - 1], .id = 0, .value = *value});
        continue;
      }
      for (const auto part : split(cell, ' ')) {
        if (part.empty()) continue;
        const auto equals = part.find('=');
        const auto key = facet_from(part.substr(0, equals));
        if (!key)
          return mistake(name, number, column_of(line, part),
                         fmt::format("unknown key {}", quote_printable(part.substr(0, equals))));
        const auto value =
            equals == std::string_view::npos ? std::optional(1.0f) : number_from(part.substr(equals + 1));
        if (!value) return mistake(name, number, column_of(line, part), "expected key=number");
        entry.settings.push_back({.facet = key->facet, .id = key->id, .value = *value});
      }
    }
    if (entry.settings.empty()) return mistake(name, number, 1, "the line says nothing about its term");
    file.lines.push_back(std::move(entry));
  }
  return file;
}

}  // namespace earshot::analysis
