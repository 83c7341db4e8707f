#pragma once
#include <termios.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/line.hpp"

namespace earshot::cli {

/// Keys that are no character.
namespace key {
inline constexpr int none = 0;  ///< nothing came in time
inline constexpr int interrupt = 3, enter = '\r', escape = 27, backspace = 127;
inline constexpr int up = 1001, down = 1002, page_up = 1003, page_down = 1004, resized = 1005,
                     end_of_input = 1006;
}  // namespace key

/// The whole terminal, while it lives: another screen, keys as they are pressed, no cursor. The terminal is
/// as before when it goes, also when a signal ends the program. One at a time; of one thread.
class Screen {
 public:
  /// Whether input and output are a terminal that can do this.
  static bool possible();

  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  int width() const;
  int height() const;
  /// From the top; what is beyond the edges is cut.
  void draw(const std::vector<Line>& lines);
  /// The next key, or `none` after `most`.
  int next(std::chrono::milliseconds most);
  /// A line, typed in the last row; nothing when it was broken off with Escape.
  std::optional<std::string> ask(const std::string& what);

 private:
  int rest_of_escape();
  /// A byte within `most`; nothing: none, or the end.
  std::optional<int> byte(std::chrono::milliseconds most);
  bool ended_ = false;
};

}  // namespace earshot::cli
