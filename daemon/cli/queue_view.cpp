#include "daemon/cli/queue_view.hpp"

#include <algorithm>

#include "connectors/json_fields.hpp"
#include "core/base/text.hpp"
#include "core/model/identity.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

constexpr std::size_t thread_posts_max = 20, contacts_page = 5'000;
constexpr std::chrono::hours thread_span{7 * 24};
constexpr int lines_each = 2;

std::string author_of(const std::string& handle) { return handle.empty() ? "somebody" : "@" + handle; }

std::int64_t seconds_between(Timestamp from, Timestamp to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

void add_due(Line& line, const std::optional<Timestamp>& due_at, Timestamp now) {
  if (!due_at) return;
  const auto left = seconds_between(now, *due_at);
  if (left >= 0)
    line.add("  due in " + show_span(left));
  else
    line.add("  overdue since " + show_span(-left), Colour::red);
}

Line head_of(const QueueEntry& entry, Timestamp now) {
  const auto& [waiting, mention] = entry;
  Line out(std::to_string(waiting.priority), waiting.priority >= 50 ? Colour::red : Colour::bold);
  out.pad_to(4).add(show_span(std::max<std::int64_t>(0, seconds_between(mention.created_at, now))) +
                    " ago  ");
  out.add(author_of(mention.author_handle), Colour::bold).add("  " + mention.source);
  if (!waiting.owner.empty()) out.add("  [" + waiting.owner + "]", Colour::green);
  add_due(out, waiting.due_at, now);
  return out;
}

void append(std::vector<Line>& out, std::vector<Line> more) {
  std::ranges::move(more, std::back_inserter(out));
}

}  // namespace

std::string reasons_text(const std::string& json) {
  const auto parsed = connectors::parse_json(json);
  std::string out;
  if (!parsed) return out;
  for (const auto part : parsed->root())
    out += (out.empty() ? "" : ", ") + std::string(part.key()) + " " + std::string(part.raw());
  return out;
}

Result<std::vector<QueueEntry>> queue_entries(store::Reader& reader, BrandId brand, std::size_t limit) {
  auto rows = reader.waiting(brand, limit);
  if (!rows) return unexpected(rows.error());
  std::vector<QueueEntry> out;
  for (auto& row : *rows) {
    auto verdicts = reader.mention(row.id);
    if (!verdicts) continue;  // gone since the queue was made
    for (auto& one : *verdicts)
      if (one.verdict.brand == brand && !one.deleted)
        out.push_back({.waiting = std::move(row), .mention = std::move(one)});
  }
  return out;
}

Result<std::vector<store::ContactRow>> thread_of(store::Reader& reader, const store::MentionRow& mention) {
  const auto since = mention.created_at - thread_span;
  auto rows = reader.contacts({.brand = mention.verdict.brand,
                               .since = since,
                               .until = mention.created_at + thread_span * 4,
                               .limit = contacts_page});
  if (!rows) return unexpected(rows.error());
  const auto self = std::ranges::find(*rows, mention.id, &store::ContactRow::id);
  std::vector<store::ContactRow> out;
  if (self == rows->end()) return out;
  for (const auto& row : *rows) {
    const bool same_thread = self->thread != 0 && (row.thread == self->thread || row.post == self->thread);
    const bool kin = (self->parent != 0 && (row.post == self->parent || row.parent == self->parent)) ||
                     row.parent == self->post;
    if (row.id != mention.id && (same_thread || kin) && out.size() < thread_posts_max) out.push_back(row);
  }
  std::ranges::reverse(out);
  return out;
}

std::vector<Line> queue_list(const std::vector<QueueEntry>& entries, std::size_t chosen, Timestamp now,
                             int width, int height) {
  std::vector<Line> out;
  const auto shown = static_cast<std::size_t>(std::max(1, height / lines_each));
  const auto first = chosen < shown ? 0 : chosen - shown + 1;
  for (auto at = first; at < entries.size() && at < first + shown; ++at) {
    const auto& mention = entries[at].mention;
    Line head(at == chosen ? "> " : "  ", Colour::bold);
    const auto told = head_of(entries[at], now);
    for (const auto& piece : told.pieces()) head.add(piece.text, piece.colour);
    out.push_back(std::move(head));
    const auto text = mention.title.empty() ? mention.text : mention.title + ": " + mention.text;
    out.push_back(Line("      " + clip(squeeze_space(printable(text)), std::max(4, width - 7)),
                       at == chosen ? Colour::none : Colour::dim));
  }
  if (entries.empty()) out.emplace_back("Nobody waits for an answer.");
  return out;
}

std::vector<Line> queue_detail(const QueueEntry& entry, const std::vector<Evidence>& evidence,
                               const std::vector<store::ContactRow>& thread, Timestamp now, int width) {
  const auto& [waiting, mention] = entry;
  std::vector<Line> out = wrap(head_of(entry, now), width);
  out.emplace_back();
  if (!mention.title.empty())
    append(out, wrap(Line(squeeze_space(printable(mention.title)), Colour::bold), width));
  append(out, wrap(highlighted(mention.text, evidence), width));
  out.emplace_back();
  Line verdict(polarity_text(mention.verdict.polarity, mention.verdict.score),
               colour_of(mention.verdict.polarity));
  if (mention.verdict.labelled) verdict.add(", labelled by a person");
  if (const auto issues = issue_list(mention.verdict.issues); !issues.empty())
    verdict.add("  ").add(issues, Colour::blue);
  append(out, wrap(verdict, width));
  append(out, wrap(Line("priority: " + reasons_text(waiting.reasons), Colour::dim), width));
  if (!waiting.owner.empty()) append(out, wrap(Line(waiting.owner + " looks after it"), width));
  if (!waiting.note.empty()) append(out, wrap(Line("note: " + waiting.note), width));
  if (!mention.url.empty()) append(out, wrap(Line("answer at " + mention.url), width));
  append(out, wrap(Line("earshot explain " + std::to_string(mention.id.value), Colour::dim), width));
  if (thread.empty()) return out;
  out.emplace_back();
  out.emplace_back("The conversation around it", Colour::bold);
  for (const auto& post : thread) {
    const bool own = post.verdict.match == MatchKind::own;
    Line line(show_time(post.created_at) + "  ", Colour::dim);
    line.add(own ? "the brand" : author_of(post.author_handle), own ? Colour::green : Colour::bold);
    line.add("  " + squeeze_space(printable(post.text)));
    append(out, wrap(line, width, 2));
  }
  return out;
}

}  // namespace earshot::cli
