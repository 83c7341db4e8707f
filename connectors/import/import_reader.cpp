#include "connectors/import/import_reader.hpp"

#include "connectors/import/import_line.hpp"
#include "connectors/mail/mail_reader.hpp"
#include "connectors/mail/mbox.hpp"
#include "core/base/text.hpp"

namespace earshot::connectors::import {

struct ImportReader::State {
  explicit State(ImportOptions given)
      : options(std::move(given)),
        csv(',', options.line_bytes_max),
        rows(options),
        mails(options.line_bytes_max, options.first_line),
        line(options.first_line - 1) {}

  void line_done(ImportBatch& batch) {
    ++line;
    if (overflow) {
      batch.errors.push_back(
          {line, "the line is longer than " + std::to_string(options.line_bytes_max) + " bytes"});
    } else {
      take_line(partial, batch);
    }
    partial.clear();
    overflow = false;
  }

  void take_line(std::string_view text, ImportBatch& batch) {
    if (line == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    text = trim(text);
    if (text.empty()) return;
    auto& item = batch.mentions.emplace_back(ImportedMention{.line = line, .mention = {}});
    const auto status = lines.parse_into(item.mention, text, options);
    if (status) return;
    batch.errors.push_back({line, status.error().message});
    batch.mentions.pop_back();
  }

  void push_lines(std::string_view bytes, ImportBatch& batch) {
    constexpr std::size_t line_bytes_typical = 512;
    // Once: asked for piece by piece, room would be made anew for every piece.
    if (batch.mentions.empty()) batch.mentions.reserve(bytes.size() / line_bytes_typical);
    while (!bytes.empty()) {
      const auto at = bytes.find('\n');
      const auto piece = bytes.substr(0, at);
      bytes.remove_prefix(at == std::string_view::npos ? bytes.size() : at + 1);
      if (at != std::string_view::npos && partial.empty() && !overflow &&
          piece.size() <= options.line_bytes_max) {
        ++line;
        take_line(piece, batch);  // whole in this chunk: no copy
        continue;
      }
      if (partial.size() + piece.size() > options.line_bytes_max) {
        overflow = true;
        partial.clear();
      } else if (!overflow) {
        partial += piece;
      }
      if (at != std::string_view::npos) line_done(batch);
    }
  }

  void take_rows(ImportBatch& batch) {
    for (const auto& row : pending) {
      if (header_failed) break;
      if (!rows.has_header()) {
        const auto header = rows.set_header(row);
        if (header) continue;
        batch.errors.push_back({row.line, header.error().message});
        header_failed = true;
        break;
      }
      auto mention = rows.map(row);
      if (mention)
        batch.mentions.push_back({row.line, std::move(*mention)});
      else
        batch.errors.push_back({row.line, mention.error().message});
    }
    pending.clear();
  }

  /// What no person wrote (automatic replies, bounces, bulk mail) is left out without a word.
  mail::MboxSplitter::Take take_mail(ImportBatch& batch) const {
    return [this, &batch](std::string_view bytes, std::size_t at) {
      mail::MailOptions how{.platform = options.platform, .now = options.now};
      auto read = mail::read_mail(bytes, how);
      if (!read)
        batch.errors.push_back({at, read.error().message});
      else if (read->mention)
        batch.mentions.push_back({at, std::move(*read->mention)});
    };
  }

  ImportOptions options;
  CsvReader csv;
  RowMapper rows;
  mail::MboxSplitter mails;
  LineParser lines;
  std::vector<CsvRow> pending;
  std::string partial;
  std::size_t line;
  bool overflow = false;
  bool header_failed = false;
};

ImportReader::ImportReader(ImportOptions options) : state_(std::make_unique<State>(std::move(options))) {}
ImportReader::~ImportReader() = default;
ImportReader::ImportReader(ImportReader&&) noexcept = default;
ImportReader& ImportReader::operator=(ImportReader&&) noexcept = default;

void ImportReader::push(std::string_view bytes, ImportBatch& batch) {
  auto& state = *state_;
  if (state.options.format == Format::ndjson) return state.push_lines(bytes, batch);
  if (state.options.format == Format::mbox) return state.mails.push(bytes, state.take_mail(batch));
  state.csv.push(bytes, state.pending);
  state.take_rows(batch);
}

void ImportReader::finish(ImportBatch& batch) {
  auto& state = *state_;
  if (state.options.format == Format::ndjson) {
    if (!state.partial.empty() || state.overflow) state.line_done(batch);
    return;
  }
  if (state.options.format == Format::mbox) return state.mails.finish(state.take_mail(batch));
  state.csv.finish(state.pending);
  state.take_rows(batch);
}

}  // namespace earshot::connectors::import
