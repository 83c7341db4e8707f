#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot::net {

/// Header names compare without case; order and repeats are kept.
class Headers {
 public:
  void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
  /// First value of the header, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

/// Stands in a URL where a credential of form `url` goes.
inline constexpr std::string_view credential_mark = "%7Bcredential%7D";

/// How a credential goes into a request: by default as "Authorization: Bearer …".
struct CredentialForm {
  enum class Kind { header, basic, url };
  Kind kind = Kind::header;
  std::string header = "Authorization";
  std::string before = "Bearer ";  ///< what stands before the secret; in `basic`, inside the encoding
  std::string after = {};
  bool operator==(const CredentialForm&) const = default;
};

struct HttpRequest {
  std::string url;
  std::string method = "GET";
  Headers headers = {};
  std::string body = {};
  /// Name of the credential to apply, empty for none. An AuthClient puts what it stands for in its place.
  std::string credential = {};
  /// The request holds a secret already: redirects must not lead to another origin.
  bool carries_secret = false;
  CredentialForm credential_form = {};
  /// Rate budget to draw from; empty: one per host.
  std::string rate_bucket = {};
};

/// Any answer with a status line is a reply, also 404 and 500. simdjson may read the body in place: its
/// capacity always exceeds its size by `body_padding`.
struct HttpReply {
  static constexpr std::size_t body_padding = 64;
  int status = 0;
  Headers headers = {};
  std::string body = {};
  std::string url = {};  ///< after redirects
};

}  // namespace earshot::net
