// top: how everything is going, again and again.
#include <cstdio>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/top_view.hpp"

namespace earshot::cli {
namespace {

constexpr std::chrono::milliseconds refresh{2000};

int print_once(TopWatch& watch, bool json) {
  const auto state = watch.look(SystemClock().now());
  if (!state) return fail(state.error().message);
  if (json) {
    std::printf("%s\n", top_json(*state).c_str());
    return 0;
  }
  const int width = std::max(20, terminal_width());
  for (const auto& line : top_lines(*state, width)) std::printf("%s\n", line.painted(width).c_str());
  return 0;
}

/// Until q; what went wrong, if anything did.
Status show(TopWatch& watch) {
  Screen screen;
  std::optional<TopState> last;
  for (bool look = true;;) {
    if (look) {
      auto state = watch.look(SystemClock().now());
      // The writer may be at something long; what was last seen stays on the screen.
      if (!state && state.error().kind != ErrorKind::busy) return unexpected(state.error());
      if (state) last = std::move(*state);
    }
    if (last) {
      auto lines = top_lines(*last, screen.width());
      const auto room = static_cast<std::size_t>(std::max(1, screen.height() - 1));
      lines.resize(room);
      lines.emplace_back("q quits", Colour::dim);
      screen.draw(lines);
    }
    const int pressed = screen.next(refresh);
    if (pressed == 'q' || pressed == key::interrupt || pressed == key::end_of_input) return Done{};
    look = pressed != key::resized;
  }
}

}  // namespace

int top(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  TopWatch watch(**reader);
  if (options.once || options.json || !Screen::possible()) return print_once(watch, options.json);
  const auto status = show(watch);
  return status ? 0 : fail(status.error().message);
}

CommandSpec top_command() {
  return {.name = "top",
          .group = CommandGroup::look,
          .purpose = "Sources, queue and sentiment against what is usual, again every two seconds",
          .examples =
              "  earshot top            q quits\n"
              "  earshot top --once     one look, as text",
          .run = top,
          .options = OptionList{{.names = "--once",
                                 .target = &Options::once,
                                 .help = "One look, as text; so it is where there is no terminal"},
                                json_option()}};
}

}  // namespace earshot::cli
