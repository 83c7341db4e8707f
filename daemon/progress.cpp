#include "daemon/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace earshot::daemon {
namespace {

std::string line_of(const std::vector<std::unique_ptr<SourceLoop>>& loops, double seconds, bool bar) {
  std::int64_t items = 0, stored = 0;
  std::size_t done = 0;
  std::string waiting;
  for (const auto& loop : loops) {
    items += loop->tally().items;
    stored += loop->tally().stored;
    if (loop->tally().caught_up)
      ++done;
    else
      waiting += (waiting.empty() ? "" : ", ") + loop->name();
  }
  std::string line;
  if (bar) {
    constexpr std::size_t width = 20;
    const auto filled = loops.empty() ? width : done * width / loops.size();
    line = "[";
    for (std::size_t i = 0; i < width; ++i) line += i < filled ? "█" : "░";
    line += "] ";
  }
  char text[160];
  std::snprintf(text, sizeof text,
                "%zu of %zu sources caught up, %lld posts read, %lld mentions stored, %.0f s", done,
                loops.size(), static_cast<long long>(items), static_cast<long long>(stored), seconds);
  line += text;
  if (!waiting.empty()) line += " (" + waiting + ")";
  return line;
}

}  // namespace

Progress::Progress()
    : terminal_(::isatty(STDERR_FILENO) == 1), started_(std::chrono::steady_clock::now()), said_(started_) {}

void Progress::show(const std::vector<std::unique_ptr<SourceLoop>>& loops) {
  const auto now = std::chrono::steady_clock::now();
  const double seconds = std::chrono::duration<double>(now - started_).count();
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K%s", line_of(loops, seconds, true).c_str());
  } else if (now - said_ >= std::chrono::seconds(10)) {
    said_ = now;
    std::fprintf(stderr, "%s\n", line_of(loops, seconds, false).c_str());
  }
}

void Progress::finish(const std::vector<std::unique_ptr<SourceLoop>>& loops) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  std::fprintf(stderr, "%s%s\n", terminal_ ? "\r\033[K" : "", line_of(loops, seconds, terminal_).c_str());
}

}  // namespace earshot::daemon
