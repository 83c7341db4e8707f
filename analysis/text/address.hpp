#pragma once
#include <cstddef>
#include <string_view>

#include "analysis/text/token.hpp"

/// Handles, URLs and e-mail addresses: strings that name something and carry no opinion.
namespace earshot::analysis {

struct Address {
  std::size_t length = 0;  ///< bytes; 0: none starts here
  TokenKind kind = TokenKind::url;
};

/// The address starting at `at`, a letter, digit or '@'. `glued` says that a word ends right before it.
Address address_at(std::string_view text, std::size_t at, bool glued);

}  // namespace earshot::analysis
