#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "delivery/sink.hpp"

namespace earshot::delivery {

/// How one kind of help desk opens cases and adds to them: the desk's own shapes, and nothing else. In
/// addresses and bodies a template's names may stand, and beside them {{marker}} (by which a case is found
/// again),
/// {{case}} (the desk's id of it), {{priority}} and the desk's own settings.
struct HelpDesk {
  std::string_view name, summary;
  std::vector<std::string_view> settings;  ///< texts that the [[destination]] must give
  std::string_view find;                   ///< address that lists what may hold the marker
  std::string_view find_list;              ///< JSON pointer to that list
  std::string_view find_id;                ///< … and within each of it to its id
  std::string_view create, create_body;
  std::string_view create_id;
  std::string_view add_method, add, add_body;
  net::CredentialForm credential_form;       ///< of a plain secret
  std::vector<std::string_view> priorities;  ///< for severities 0-3, 4-6, 7-8, 9-10
};

/// Zendesk, Freshdesk, Zammad, GitHub issues.
const std::vector<HelpDesk>& help_desks();

/// Reads the settings that all desks share, `base` and `credential`, and the desk's own.
SinkPlan read_help_desk(const HelpDesk& desk, TomlReader& reader);

/// What stands between double braces, from `values`; JSON-escaped or percent-encoded.
using DeskValues = std::vector<std::pair<std::string_view, std::string>>;
enum class DeskEscape { json, url };
std::string fill_desk(std::string_view text, const DeskValues& values, DeskEscape escape);

/// The id of the first element of the list whose JSON holds the marker; empty: none does.
std::string find_case(std::string_view body, std::string_view list, std::string_view id,
                      std::string_view marker);

}  // namespace earshot::delivery
