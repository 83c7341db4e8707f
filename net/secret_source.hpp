#pragma once
#include <string>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

namespace earshot::net {

/// Gives out what a credential's name stands for, to connectors that do not speak HTTP: the stored secret, or
/// an access token made from it. Lives on the io executor. Fails with `unauthorized` when there is none.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  virtual async::Awaitable<Result<Secret>> secret(std::string name) = 0;
};

}  // namespace earshot::net
