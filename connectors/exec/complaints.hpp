#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::connectors::exec {

/// What a program says on stderr, safe to log and to quote: what it was told in confidence is blackened, also
/// as JSON or a URL would write it. Keeps the last few lines.
class Complaints {
 public:
  Complaints(std::string source, const std::vector<std::string>& secrets);
  ~Complaints();
  Complaints(const Complaints&) = delete;
  Complaints& operator=(const Complaints&) = delete;

  void take(std::string_view line);
  /// " It said: …", or nothing when it said nothing.
  std::string last() const;
  /// Control characters are spaces, secrets are "***".
  std::string blackened(std::string_view text) const;

 private:
  std::string source_;
  std::vector<std::string> forms_;  ///< of the secrets, the longest first
  std::deque<std::string> lines_;
};

}  // namespace earshot::connectors::exec
