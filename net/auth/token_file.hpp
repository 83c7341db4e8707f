#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace earshot::net::auth {

/// What a credential that rotates lives on between requests and restarts.
struct StoredTokens {
  /// Tells whose the tokens are (kind, endpoint, client, account): those of another are not ours to use.
  std::string belongs_to = {};
  std::string seed = {};  ///< digest of the secret that the first of these tokens was got with
  Secret refresh_token = {};
  Secret access_token = {};
  Timestamp refresh_at = {};  ///< the access token is renewed from here on
  Timestamp expires_at = {};

  StoredTokens copy() const;
};

/// One credential's tokens in `folder`/<name>.json: a file of mode 0600, replaced whole (temporary file,
/// fsync, rename, fsync of the folder), so that a kill leaves the old tokens or the new. Not in the database,
/// which is read by analysts and copied by backups. Blocking.
class TokenFile {
 public:
  /// The only writer of the file while it lives, across processes.
  class Change {
   public:
    Change(Change&&) noexcept;
    Change& operator=(Change&&) noexcept;
    ~Change();

    /// What the file holds now; nothing when there is none. `unauthorized` when it does not parse or others
    /// could read it.
    Result<std::optional<StoredTokens>> read() const;
    /// Durable when it returns.
    Status commit(const StoredTokens& tokens);

   private:
    friend class TokenFile;
    struct State;
    explicit Change(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };

  TokenFile(std::string folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}

  /// Nothing while another process holds the file. Room for the tokens is taken here, before anybody asks a
  /// server for them: a token that was rotated and finds no room is lost.
  Result<std::optional<Change>> try_begin() const;
  /// What the file holds now, without holding it; fails like `Change::read`.
  Result<std::optional<StoredTokens>> peek() const;
  std::string path() const { return folder_ + "/" + name_ + ".json"; }

 private:
  std::string folder_, name_;
};

}  // namespace earshot::net::auth
