#pragma once
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "store/store.hpp"

/// What people mean by a brand and a stretch of time; one reading for the command line and the HTTP API.
namespace earshot::daemon {

struct Window {
  Timestamp since, until;  ///< [since, until)
};

/// "2026-03-01", RFC 3339, "now", "7d", "2 hours ago"; `invalid` for anything else.
Result<Timestamp> parse_when(const std::string& text, Timestamp now);

/// The moment at which something that lasts to `text` ends: of a day its end, of a time that time. `at` is
/// what the text was read as.
Timestamp end_of(const std::string& text, Timestamp at);

/// From and to as people wrote them. Without an end: one hour behind the newest mention, but not later than
/// an hour from now; without a beginning: `days` before the end. `invalid` when the beginning is not before
/// the end.
Result<Window> window_of(store::Reader& reader, const std::string& since, const std::string& until, int days,
                         Timestamp now);

/// A brand by its name in any case, the first one when the name is empty. `invalid`: there is none; the
/// message names those that are known.
Result<store::NamedBrand> find_brand(store::Reader& reader, const std::string& name);

}  // namespace earshot::daemon
