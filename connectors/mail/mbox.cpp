#include "connectors/mail/mbox.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace earshot::connectors::mail {

void MboxSplitter::push(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    const auto at = bytes.find('\n');
    const auto piece = bytes.substr(0, at);
    const auto room = mail_bytes_max_ - std::min(mail_bytes_max_, current_.size());
    current_.append(piece.substr(0, room));
    bytes.remove_prefix(at == std::string_view::npos ? bytes.size() : at + 1);
    if (at != std::string_view::npos) line_done(take);
  }
}

void MboxSplitter::line_done(const Take& take) {
  ++line_;
  auto line = std::string_view(current_);
  if (line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  if (after_blank_ && line.starts_with("From ")) {
    hand_over(take);
    mail_line_ = line_;
  } else {
    const bool blank = trim(line).empty();
    // What stands before the first mail is one that lacks its first line, or nothing that could be read.
    if (mail_line_ == 0 && !blank) mail_line_ = line_;
    const auto unquoted = line.find_first_not_of('>');
    if (unquoted != 0 && unquoted != std::string_view::npos && line.substr(unquoted).starts_with("From "))
      line.remove_prefix(1);
    if (mail_line_ != 0 && mail_.size() + line.size() < mail_bytes_max_) mail_.append(line).push_back('\n');
    after_blank_ = blank;
  }
  current_.clear();
}

void MboxSplitter::hand_over(const Take& take) {
  if (mail_line_ != 0) take(mail_, mail_line_);
  mail_.clear();
  mail_line_ = 0;
  after_blank_ = false;
}

void MboxSplitter::finish(const Take& take) {
  if (!current_.empty()) line_done(take);
  hand_over(take);
}

}  // namespace earshot::connectors::mail
