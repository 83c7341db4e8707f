#include "daemon/cli/screen.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace earshot::cli {
namespace {

// Other screen, no cursor, no wrapping at the edge; and all of it back.
constexpr const char enter_text[] = "\033[?1049h\033[?25l\033[?7l";
constexpr const char leave_text[] = "\033[0m\033[?7h\033[?25h\033[?1049l";
constexpr std::chrono::milliseconds escape_wait{50};
constexpr std::size_t typed_bytes_max = 4000;

// A signal handler reaches nothing else.
termios before;
volatile std::sig_atomic_t active = 0;
volatile std::sig_atomic_t resized = 0;

void write_all(const char* text, std::size_t size) {
  while (size > 0) {
    const auto done = ::write(STDOUT_FILENO, text, size);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return;
    text += done;
    size -= static_cast<std::size_t>(done);
  }
}

void leave() {
  if (!active) return;
  active = 0;
  write_all(leave_text, sizeof leave_text - 1);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

extern "C" void end_with_terminal_restored(int signal) {
  leave();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

extern "C" void note_resize(int) { resized = 1; }

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

constexpr std::array ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT};

winsize size_now() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    size.ws_col = 80;
    size.ws_row = 24;
  }
  return size;
}

}  // namespace

bool Screen::possible() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 && term && *term &&
         std::strcmp(term, "dumb") != 0;
}

Screen::Screen() {
  ::tcgetattr(STDIN_FILENO, &before);
  auto mode = before;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  mode.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
  active = 1;
  for (const int signal : ending_signals) handle(signal, end_with_terminal_restored);
  handle(SIGWINCH, note_resize);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
  write_all(enter_text, sizeof enter_text - 1);
}

Screen::~Screen() {
  leave();
  for (const int signal : ending_signals) std::signal(signal, SIG_DFL);
  std::signal(SIGWINCH, SIG_DFL);
}

int Screen::width() const { return size_now().ws_col; }
int Screen::height() const { return size_now().ws_row; }

void Screen::draw(const std::vector<Line>& lines) {
  const int columns = width(), rows = height();
  std::string out = "\033[H";
  for (int row = 0; row < rows; ++row) {
    const auto* line =
        static_cast<std::size_t>(row) < lines.size() ? &lines[static_cast<std::size_t>(row)] : nullptr;
    if (line) out += line->painted(columns);
    // Behind a full line the cursor still stands on its last cell, which would be erased.
    if (!line || line->width() < columns) out += "\033[K";
    if (row + 1 < rows) out += "\r\n";
  }
  write_all(out.data(), out.size());
}

std::optional<int> Screen::byte(std::chrono::milliseconds most) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&input, 1, static_cast<int>(most.count())) <= 0) return std::nullopt;
  unsigned char one = 0;
  const auto got = ::read(STDIN_FILENO, &one, 1);
  if (got == 1) return one;
  if (got == 0 || errno != EINTR) ended_ = true;
  return std::nullopt;
}

int Screen::next(std::chrono::milliseconds most) {
  const auto one = byte(most);
  if (resized) {
    resized = 0;
    if (!one) return key::resized;
  }
  if (ended_) return key::end_of_input;
  if (!one) return key::none;
  if (*one == '\n') return key::enter;
  if (*one == 8) return key::backspace;
  return *one == key::escape ? rest_of_escape() : *one;
}

/// Arrows and page keys; other sequences are read to their end and mean nothing.
int Screen::rest_of_escape() {
  const auto second = byte(escape_wait);
  if (!second) return key::escape;
  if (*second != '[' && *second != 'O') return key::none;
  std::string parameters;
  for (;;) {
    const auto one = byte(escape_wait);
    if (!one) return key::none;
    if (*one >= 0x40 && *one <= 0x7E) {
      if (*one == 'A') return key::up;
      if (*one == 'B') return key::down;
      if (*one == '~' && parameters == "5") return key::page_up;
      if (*one == '~' && parameters == "6") return key::page_down;
      return key::none;
    }
    if (parameters.size() < 16) parameters.push_back(static_cast<char>(*one));
  }
}

std::optional<std::string> Screen::ask(const std::string& what) {
  std::string typed;
  for (;;) {
    Line line(what + " ", Colour::bold);
    // The end of a long line is what is being typed.
    std::string shown = typed;
    const int room = std::max(1, width() - line.width() - 2);
    while (display_width(shown) > room) {
      std::size_t first = 1;
      while (first < shown.size() && (static_cast<unsigned char>(shown[first]) & 0xC0) == 0x80) ++first;
      shown.erase(0, first);
    }
    line.add(shown + "_");
    const auto row = "\033[" + std::to_string(height()) + ";1H" + line.painted(width()) + "\033[K";
    write_all(row.data(), row.size());
    const int one = next(std::chrono::minutes(1));
    if (one == key::enter) return typed;
    if (one == key::escape || one == key::interrupt || one == key::end_of_input) return std::nullopt;
    if (one == key::backspace) {
      while (!typed.empty() && (static_cast<unsigned char>(typed.back()) & 0xC0) == 0x80) typed.pop_back();
      if (!typed.empty()) typed.pop_back();
    } else if (one >= ' ' && one < 256 && typed.size() < typed_bytes_max) {
      typed.push_back(static_cast<char>(one));
    }
  }
}

}  // namespace earshot::cli
