#pragma once
#include <memory>
#include <vector>

#include "daemon/actions.hpp"
#include "daemon/cli/options.hpp"
#include "daemon/label_lines.hpp"

namespace earshot::cli {

/// A change on its way, and what is there to be read before and after it.
struct Desk {
  std::unique_ptr<store::Reader> reader;
  std::vector<store::NamedBrand> brands;
  daemon::IssueNames issues;
  std::unique_ptr<store::Store> store;  ///< none: a daemon holds the database, and is asked
  std::unique_ptr<daemon::Actions> actions;

  std::string brand_name(BrandId id) const;
};

/// Opens the database to be changed; while a daemon writes it, the way leads through that one's API.
Result<Desk> open_desk(const Options& options);

/// Who acts: --by, else the name of the user.
std::string person(const Options& options);

/// The verdict that is meant of a mention's: that of --brand, or the only one. `invalid` names the brands.
Result<store::MentionRow> verdict_of(Desk& desk, MentionId id, const Options& options);

/// A time to come: "2h", "3d", "2026-12-01", RFC 3339.
Result<Timestamp> parse_ahead(const std::string& text, Timestamp now);

/// "billing,refund" as bits; empty text: none. `invalid` names the one there is not.
Result<std::vector<std::uint8_t>> parse_issues(const std::string& text, const daemon::IssueNames& names);

}  // namespace earshot::cli
