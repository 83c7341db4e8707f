// review: one post after the other, labelled by single keys.
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/act.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

constexpr int end_of_input = -1, interrupt = 3;

/// Keys as they are pressed, without Enter; on what is no terminal, the characters of its lines. The terminal
/// is as before when this goes.
class Keys {
 public:
  Keys() : terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) { single(true); }
  ~Keys() { single(false); }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  int next() {
    char key = 0;
    do {
      if (::read(STDIN_FILENO, &key, 1) != 1) return end_of_input;
    } while (key == '\n' || key == '\r' || key == ' ');
    return static_cast<unsigned char>(key);
  }
  /// A whole line, edited as the terminal lets one.
  std::string line() {
    single(false);
    std::string out;
    for (char one = 0; ::read(STDIN_FILENO, &one, 1) == 1 && one != '\n';) out += one;
    single(true);
    return out;
  }

 private:
  void single(bool on) const {
    if (!terminal_) return;
    auto mode = before_;
    if (on) mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
  }

  termios before_{};
  bool terminal_;
};

void show(const store::MentionRow& row, std::size_t number, std::size_t of) {
  std::printf("\n%s  %s  %s  %s  %s\n",
              paint(Colour::bold, std::to_string(number) + "/" + std::to_string(of)).c_str(),
              show_time(row.created_at).c_str(), printable(row.source).c_str(),
              row.author_handle.empty() ? "somebody" : ("@" + printable(row.author_handle)).c_str(),
              paint(Colour::dim, std::to_string(row.id.value)).c_str());
  if (!row.title.empty()) std::printf("%s\n", paint(Colour::bold, row.title).c_str());
  std::printf("%s\n", printable(row.text).c_str());
  const auto issues = issue_list(row.verdict.issues);
  std::printf("%s\n", paint(Colour::dim, "the rules say: " + std::string(to_string(row.verdict.polarity)) +
                                             " " + signed_number(row.verdict.score, 2) +
                                             (issues.empty() ? "" : "; " + issues))
                          .c_str());
  std::printf("1 negative  2 neutral  3 positive  i issues  s skip  z undo  q quit  > ");
  std::fflush(stdout);
}

std::optional<Polarity> polarity_of(int key) {
  if (key < '1' || key > '3') return std::nullopt;
  return static_cast<Polarity>(key - '2');
}

/// What was done in this sitting, in order, so that it can be undone.
class Sitting {
 public:
  struct Step {
    std::size_t at = 0;
    std::optional<bool> agreed = {};  ///< with the rules' polarity; nothing: only issues were given
  };
  void note(std::size_t at, std::optional<bool> agreed) {
    if (steps_.empty() || steps_.back().at != at) steps_.push_back({.at = at});
    if (agreed) steps_.back().agreed = agreed;
  }
  const Step* last() const { return steps_.empty() ? nullptr : &steps_.back(); }
  void undo() { steps_.pop_back(); }
  void print(std::size_t skipped) const {
    const auto judged = std::ranges::count_if(steps_, [](const Step& s) { return s.agreed.has_value(); });
    const auto agreed = std::ranges::count_if(steps_, [](const Step& s) { return s.agreed == true; });
    std::printf("%zu labelled, %zu skipped", steps_.size(), skipped);
    if (judged > 0)
      std::printf("; of %lld polarities the rules had said %lld", static_cast<long long>(judged),
                  static_cast<long long>(agreed));
    std::printf("\n");
  }

 private:
  std::vector<Step> steps_;
};

/// Labels one; the reason where that failed.
Status put(Desk& desk, const store::MentionRow& row, store::Label label, const Options& options) {
  label.mention = row.id;
  label.brand = row.verdict.brand;
  label.by = person(options);
  auto done = desk.actions->label(std::span(&label, 1));
  if (!done) return unexpected(done.error());
  return std::move(done->front());
}

}  // namespace

int review(const Options& options) {
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  auto brand = brand_of(*desk->reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto rows = desk->reader->to_review(brand->id, options.limit);
  if (!rows) return fail(rows.error().message);
  if (rows->empty()) {
    std::printf("There is nothing to label.\n");
    return 0;
  }
  Sitting sitting;
  std::size_t skipped = 0;
  {
    Keys keys;
    for (std::size_t at = 0; at < rows->size();) {
      const auto& row = (*rows)[at];
      show(row, at + 1, rows->size());
      const int key = keys.next();
      std::printf("\n");
      Status status = Done{};
      if (key == 'q' || key == end_of_input || key == interrupt) break;
      if (key == 's') {
        ++skipped;
        ++at;
      } else if (const auto polarity = polarity_of(key)) {
        status = put(*desk, row, {.polarity = polarity}, options);
        if (status) sitting.note(at++, *polarity == row.verdict.polarity);
      } else if (key == 'i') {
        std::printf("issue types, the main one first (none: no type applies): ");
        std::fflush(stdout);
        auto issues = parse_issues(keys.line(), desk->issues);
        status = issues ? put(*desk, row, {.issues = std::move(*issues)}, options)
                        : Status(unexpected(issues.error()));
        if (status) sitting.note(at, std::nullopt);
      } else if (const auto* last = sitting.last(); key == 'z' && last) {
        const auto& undone = (*rows)[last->at];
        status = desk->actions->unlabel(undone.id, undone.verdict.brand);
        if (status) {
          at = last->at;
          sitting.undo();
        }
      }
      if (!status && status.error().kind != ErrorKind::invalid) return fail(status.error().message);
      if (!status) std::printf("%s\n", paint(Colour::red, status.error().message).c_str());
    }
  }
  sitting.print(skipped);
  return 0;
}

CommandSpec review_command() {
  return {.name = "review",
          .group = CommandGroup::decide,
          .purpose = "Label one post after the other: half drawn by chance, half the most telling",
          .examples =
              "  earshot review --brand Acme --limit 50\n"
              "  1 negative  2 neutral  3 positive  i issues  s skip  z undo  q quit",
          .run = review,
          .options = OptionList{{.names = "--brand",
                                 .target = &Options::brand,
                                 .help = "The brand that is judged (default: the first)",
                                 .kind = ValueKind::brand},
                                limit_option(1'000)} +
                     acting_options()};
}

}  // namespace earshot::cli
