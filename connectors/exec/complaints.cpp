#include "connectors/exec/complaints.hpp"

#include <string.h>

#include <algorithm>

#include "core/base/json_writer.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors::exec {
namespace {

constexpr std::size_t lines_max = 3;
constexpr std::size_t shown_bytes_max = 300;
/// Shorter ones are no secrets, and would be found by chance.
constexpr std::size_t secret_bytes_min = 4;

}  // namespace

Complaints::Complaints(std::string source, const std::vector<std::string>& secrets)
    : source_(std::move(source)) {
  const auto add = [this](std::string form) {
    if (form.size() >= secret_bytes_min) forms_.push_back(std::move(form));
  };
  for (const auto& secret : secrets) {
    auto json = json_quote(secret);
    add(json.substr(1, json.size() - 2));
    add(percent_encode(secret));
    // A key of many lines is printed line by line.
    for (const auto line : split(secret, '\n')) add(std::string(trim(line)));
  }
  std::ranges::sort(forms_, [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

Complaints::~Complaints() {
  for (auto& form : forms_) explicit_bzero(form.data(), form.size());
}

std::string Complaints::blackened(std::string_view text) const {
  std::string out(text);
  for (const auto& form : forms_)
    for (auto at = out.find(form); at != std::string::npos; at = out.find(form, at + 3))
      out.replace(at, form.size(), "***");
  const auto safe = printable(out);
  return std::string(utf8::truncate(safe, shown_bytes_max));
}

void Complaints::take(std::string_view line) {
  auto safe = blackened(line);
  log::debug("a program says", {{"source", source_}, {"line", safe}});
  lines_.push_back(std::move(safe));
  if (lines_.size() > lines_max) lines_.pop_front();
}

std::string Complaints::last() const {
  std::string out;
  for (const auto& line : lines_) out += (out.empty() ? "; it said: " : " / ") + line;
  return out;
}

}  // namespace earshot::connectors::exec
