#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace earshot::connectors::mail {

/// Cuts an mbox file, in any pieces, into its mails: each begins with a line "From …" at the start of the
/// file or after an empty line. Quoting of such lines (">From ") is undone. Of a mail longer than the limit
/// the beginning is kept.
class MboxSplitter {
 public:
  /// Gets each mail and the number of its "From " line.
  using Take = std::function<void(std::string_view mail, std::size_t line)>;
  MboxSplitter(std::size_t mail_bytes_max, std::size_t first_line)
      : mail_bytes_max_(mail_bytes_max), line_(first_line - 1) {}

  void push(std::string_view bytes, const Take& take);
  void finish(const Take& take);

 private:
  void line_done(const Take& take);
  void hand_over(const Take& take);

  std::size_t mail_bytes_max_;
  std::size_t line_;
  std::size_t mail_line_ = 0;  ///< 0: before the first mail
  bool after_blank_ = true;
  std::string current_, mail_;
};

}  // namespace earshot::connectors::mail
