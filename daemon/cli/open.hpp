#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "daemon/cli/options.hpp"
#include "daemon/window.hpp"
#include "store/store.hpp"

namespace earshot::cli {

/// The database a command reads: --db, else the configuration's, else the default path.
std::string database_path(const Options& options);
Result<std::unique_ptr<store::Reader>> open(const Options& options);

/// The brand named by --brand (case does not matter), or the first configured; `invalid` names those there
/// are.
Result<store::NamedBrand> brand_of(store::Reader& reader, const Options& options);
/// All brands, or the one named.
Result<std::vector<store::NamedBrand>> brands_of(store::Reader& reader, const Options& options);

using daemon::parse_when;
using daemon::Window;
/// --since and --until; without them the last `days` up to the newest mention's hour.
Result<Window> window_of(store::Reader& reader, const Options& options, int days);

/// What a command about one brand and a stretch of time opens.
struct Asked {
  std::unique_ptr<store::Reader> reader;
  store::NamedBrand brand;
  Window window;
};
/// Nothing: the message is printed, and `code` is what to return. `days` as for window_of.
std::optional<Asked> ask(const Options& options, int days, int& code);

/// Prints an answer that is JSON already, or why there is none; what to return.
int print_json(const Result<std::string>& text);

std::string show_time(Timestamp at);
/// "40 s", "25 min", "3 h", "4 days": a stretch of seconds, roughly.
std::string show_span(std::int64_t seconds);
std::string signed_number(double value, int decimals);

}  // namespace earshot::cli
