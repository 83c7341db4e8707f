// The queue on a terminal: who waits, one after the other, looked after by single keys.
#include <algorithm>
#include <cstdio>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/act.hpp"
#include "daemon/cli/evidence.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/queue_view.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/explain.hpp"

namespace earshot::cli {
namespace {

constexpr std::chrono::seconds refresh{10};
constexpr const char* list_keys =
    "j k move  Enter open  o own  d done  s snooze  x dismiss  n note  l label  u undo  q quit";
constexpr const char* open_keys = "j k scroll  o own  d done  s snooze  x dismiss  n note  l label  q back";

class QueueBrowser {
 public:
  QueueBrowser(const Options& options, store::Reader& reader, store::NamedBrand brand)
      : options_(options), reader_(reader), brand_(std::move(brand)) {}

  /// Until q; what went wrong, if anything did that ends it.
  Status run() {
    if (auto status = reload(); !status) return status;
    Screen screen;
    for (;;) {
      draw(screen);
      const int pressed = screen.next(refresh);
      if (pressed == key::end_of_input || pressed == key::interrupt) return Done{};
      if (pressed == key::resized) continue;
      if (pressed == key::none) {
        // What others did meanwhile; a busy database is asked again later.
        if (auto status = reload(); !status && status.error().kind != ErrorKind::busy) return status;
        continue;
      }
      said_.clear();
      const bool back = pressed == 'q' || pressed == key::escape;
      if (back && !opened_) return Done{};
      if (back)
        opened_.reset();
      else
        press(screen, pressed);
    }
  }

 private:
  struct Opened {
    QueueEntry entry;
    std::vector<Evidence> evidence;
    std::vector<store::ContactRow> thread;
    std::size_t top = 0;  ///< the first line that is shown
  };

  void press(Screen& screen, int pressed) {
    const auto page = static_cast<std::ptrdiff_t>(std::max(1, screen.height() / 2));
    switch (pressed) {
      case 'j':
      case key::down: return move(1);
      case 'k':
      case key::up: return move(-1);
      case ' ':
      case key::page_down: return move(page);
      case key::page_up: return move(-page);
      case 'r': return answer(reload());
      case 'u': return undo();
      default: break;
    }
    const auto* entry = current();
    if (!entry) return;
    switch (pressed) {
      case key::enter:
        if (!opened_) open_entry(*entry);
        return;
      case 'a': said_ = entry->mention.url.empty() ? "this post has no address" : entry->mention.url; return;
      case 'o': return decide({.state = "waiting", .owner = person(options_)}, "yours now");
      case 'd': return decide({.state = "done"}, "done");
      case 'x': return decide({.state = "dismissed"}, "dismissed");
      case 's': return snooze(screen);
      case 'n': {
        if (auto note = screen.ask("note:")) decide({.note = std::move(*note)}, "noted");
        return;
      }
      case 'l': return label(screen);
      default: return;
    }
  }

  const QueueEntry* current() const {
    if (opened_) return &opened_->entry;
    return chosen_ < entries_.size() ? &entries_[chosen_] : nullptr;
  }

  void move(std::ptrdiff_t by) {
    auto& at = opened_ ? opened_->top : chosen_;
    at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(at) + by));
    if (!opened_) chosen_ = std::min(chosen_, entries_.empty() ? 0 : entries_.size() - 1);
  }

  void open_entry(const QueueEntry& entry) {
    Opened opened{.entry = entry, .evidence = {}, .thread = {}};
    if (!pipeline_) {
      auto made = explaining_pipeline(options_, {brand_});
      if (!made) return answer(unexpected(made.error()));
      pipeline_ = std::move(*made);
    }
    for (auto& verdict : daemon::explain(*pipeline_, {entry.mention}))
      if (verdict.brand == brand_.id) opened.evidence = std::move(verdict.verdict.evidence);
    auto thread = thread_of(reader_, entry.mention);
    if (!thread) return answer(unexpected(thread.error()));
    opened.thread = std::move(*thread);
    opened_ = std::move(opened);
  }

  /// The database, or the daemon that holds it, is asked for each decision anew: who only looks holds up
  /// nobody.
  void decide(store::WaitingDecision decision, const char* done) {
    const auto entry = *current();
    decision.mention = entry.mention.id;
    decision.brand = brand_.id;
    auto desk = open_desk(options_);
    if (!desk) return answer(unexpected(desk.error()));
    auto status = desk->actions->decide_waiting(decision);
    if (!status) return answer(std::move(status));
    if (decision.state && *decision.state != "waiting") undone_ = entry.mention.id;
    finish(entry.mention.id, done);
  }

  void snooze(Screen& screen) {
    const auto text = screen.ask("until (4h, 3d, 2026-12-01):");
    if (!text) return;
    auto until = parse_ahead(*text, SystemClock().now());
    if (!until) return answer(unexpected(until.error()));
    decide({.state = "snoozed", .until = *until}, "put off");
  }

  void undo() {
    if (!undone_) {
      said_ = "nothing to undo";
      return;
    }
    auto desk = open_desk(options_);
    if (!desk) return answer(unexpected(desk.error()));
    auto status =
        desk->actions->decide_waiting({.mention = *undone_, .brand = brand_.id, .state = "waiting"});
    if (!status) return answer(std::move(status));
    const auto id = *undone_;
    undone_.reset();
    finish(id, "back in the queue");
  }

  void label(Screen& screen) {
    const auto text = screen.ask("negative, neutral, positive, or issue types with commas between:");
    if (!text || trim(*text).empty()) return;
    auto desk = open_desk(options_);
    if (!desk) return answer(unexpected(desk.error()));
    const auto id = current()->mention.id;
    store::Label label{.mention = id, .brand = brand_.id, .by = person(options_)};
    const auto polarity = polarity_from(trim(*text));
    if (polarity && *polarity != Polarity::unscored) {
      label.polarity = polarity;
    } else {
      auto issues = parse_issues(*text, desk->issues);
      if (!issues) return answer(unexpected(issues.error()));
      label.issues = std::move(*issues);
    }
    auto done = desk->actions->label(std::span(&label, 1));
    if (!done) return answer(unexpected(done.error()));
    if (auto& status = done->front(); !status) return answer(std::move(status));
    finish(id, "labelled");
  }

  /// Shows what became of it: in the list it may have gone, open it is read anew.
  void finish(MentionId id, const char* done) {
    said_ = done;
    wrong_ = false;
    if (auto status = reload(); !status) return answer(std::move(status));
    if (!opened_) return;
    const auto found = std::ranges::find(entries_, id, [](const QueueEntry& e) { return e.mention.id; });
    if (found == entries_.end())
      opened_.reset();
    else
      opened_->entry = *found;
  }

  void answer(Status status) {
    wrong_ = !status;
    if (!status) said_ = status.error().message;
  }

  Status reload() {
    auto entries = queue_entries(reader_, brand_.id, options_.limit);
    if (!entries) return unexpected(entries.error());
    entries_ = std::move(*entries);
    chosen_ = std::min(chosen_, entries_.empty() ? 0 : entries_.size() - 1);
    return Done{};
  }

  void draw(Screen& screen) {
    const int width = screen.width(), height = screen.height();
    const auto now = SystemClock().now();
    const auto feet = wrap(Line(opened_ ? open_keys : list_keys, Colour::dim), width);
    const int room = std::max(1, height - 2 - static_cast<int>(feet.size()));
    std::vector<Line> lines;
    Line head("queue of " + brand_.name, Colour::bold);
    const bool more = entries_.size() >= options_.limit;
    head.add("  " + std::string(more ? "the first " : "") + std::to_string(entries_.size()) + " wait");
    if (!said_.empty()) head.add("  ").add(said_, wrong_ ? Colour::red : Colour::green);
    lines.push_back(std::move(head));
    lines.emplace_back();
    if (opened_) {
      auto text = queue_detail(opened_->entry, opened_->evidence, opened_->thread, now, width);
      const auto most =
          text.size() > static_cast<std::size_t>(room) ? text.size() - static_cast<std::size_t>(room) : 0;
      opened_->top = std::min(opened_->top, most);
      text.erase(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(opened_->top));
      std::ranges::move(text, std::back_inserter(lines));
    } else {
      std::ranges::move(queue_list(entries_, chosen_, now, width, room), std::back_inserter(lines));
    }
    lines.resize(static_cast<std::size_t>(room + 2));
    std::ranges::copy(feet, std::back_inserter(lines));
    screen.draw(lines);
  }

  const Options& options_;
  store::Reader& reader_;
  store::NamedBrand brand_;
  std::shared_ptr<const daemon::Pipeline> pipeline_;
  std::vector<QueueEntry> entries_;
  std::size_t chosen_ = 0;
  std::optional<Opened> opened_;
  std::optional<MentionId> undone_;  ///< the last that left the queue
  std::string said_;
  bool wrong_ = false;
};

}  // namespace

int browse_queue(const Options& options) {
  if (!Screen::possible()) return fail("--interactive needs a terminal", 2);
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  QueueBrowser browser(options, **reader, std::move(*brand));
  const auto status = browser.run();
  return status ? 0 : fail(status.error().message);
}

}  // namespace earshot::cli
