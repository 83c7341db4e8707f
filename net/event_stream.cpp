#include "net/event_stream.hpp"

#include <algorithm>
#include <charconv>

namespace earshot::net {

Status LineSplitter::add(std::string_view piece) {
  text_.erase(0, at_);
  searched_ -= at_;
  at_ = 0;
  text_ += piece;
  const auto last = text_.find_last_of("\r\n");
  const auto tail = last == std::string::npos ? text_.size() : text_.size() - last - 1;
  if (tail > line_bytes_max_)
    return unexpected(ErrorKind::too_large, "a line is over " + std::to_string(line_bytes_max_) + " bytes");
  return Done{};
}

std::optional<std::string_view> LineSplitter::next() {
  if (after_cr_ && at_ < text_.size()) {
    after_cr_ = false;
    if (text_[at_] == '\n') ++at_;
    searched_ = std::max(searched_, at_);
  }
  const auto end = text_.find_first_of("\r\n", searched_);
  if (end == std::string::npos) {
    searched_ = text_.size();
    return std::nullopt;
  }
  const auto line = std::string_view(text_).substr(at_, end - at_);
  after_cr_ = text_[end] == '\r';
  at_ = end + 1;
  searched_ = at_;
  return line;
}

void EventReader::field(std::string_view name, std::string_view value) {
  if (name == "event") {
    type_ = value;
  } else if (name == "data") {
    if (has_data_) data_.push_back('\n');
    data_ += value;
    has_data_ = true;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  } else if (name == "retry") {
    std::int64_t ms = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), ms);
    const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (digits && failure == std::errc{} && end == value.data() + value.size())
      retry_ = std::chrono::milliseconds(ms);
  }
}

Result<std::optional<StreamEvent>> EventReader::next() {
  while (auto line = lines_.next()) {
    if (std::exchange(first_line_, false) && line->starts_with("\xEF\xBB\xBF")) line->remove_prefix(3);
    if (line->empty()) {
      StreamEvent event{.type = std::exchange(type_, {}), .data = std::exchange(data_, {}), .id = id_};
      if (std::exchange(has_data_, false)) return std::optional(std::move(event));
      continue;
    }
    const auto colon = line->find(':');
    if (colon == 0) continue;
    auto value = colon == std::string_view::npos ? std::string_view() : line->substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(line->substr(0, colon), value);
    if (data_.size() > event_bytes_max_)
      return unexpected(ErrorKind::too_large,
                        "an event is over " + std::to_string(event_bytes_max_) + " bytes");
  }
  return std::optional<StreamEvent>();
}

}  // namespace earshot::net
