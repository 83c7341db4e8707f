#pragma once
#include <string>

#include "core/base/result.hpp"
#include "store/store.hpp"

/// From a number to the mentions behind it, and from what people write to a filter.
namespace earshot::daemon {

/// Takes an issue type's name into a filter, the company's own types and "none" included; an empty name
/// changes nothing. `invalid`: there is no such type.
Status filter_issue(store::Reader& reader, const std::string& name, store::MentionFilter& filter);

/// Takes a product's name into a filter, in any case, of the filter's brand when there is one; an empty name
/// changes nothing. `invalid`: nobody named such a product, or brands have one each.
Status filter_product(store::Reader& reader, const std::string& name, store::MentionFilter& filter);

/// The mentions that a figure counted; empty fields do not narrow.
struct MentionsQuery {
  std::string brand = {}, polarity = {}, issue = {}, intent = {}, source = {}, lang = {}, product = {};
  Timestamp since = {}, until = {};
  bool contact = false;  ///< only what asks for an answer
};

/// "/api/v1/mentions?brand=…", and the command that lists the same on a terminal.
std::string target_of(const MentionsQuery& query);
std::string command_of(const MentionsQuery& query);

/// A word as a shell reads it back: quoted where it needs to be.
std::string shell_word(const std::string& word);

}  // namespace earshot::daemon
