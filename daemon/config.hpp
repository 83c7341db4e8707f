#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "analysis/text/analyser.hpp"
#include "connectors/legal.hpp"
#include "connectors/settings.hpp"
#include "core/base/log.hpp"
#include "core/base/result.hpp"
#include "core/model/brand.hpp"
#include "daemon/delivery_config.hpp"
#include "daemon/http_config.hpp"
#include "daemon/link_config.hpp"
#include "daemon/report_config.hpp"
#include "daemon/service_config.hpp"
#include "insight/kpi.hpp"
#include "insight/money.hpp"
#include "net/auth/credential_spec.hpp"

namespace earshot::daemon {

struct SourceConfig {
  std::string name;
  std::string connector;
  bool enabled = true;
  std::vector<std::string> brands = {};  ///< names it listens for; empty: all
  /// The brand that everything here is about even when the text does not say so (a brand's own forum); empty:
  /// none.
  std::string about = {};
  std::chrono::milliseconds interval_min = std::chrono::minutes(1);
  std::chrono::milliseconds interval_max = std::chrono::minutes(30);
  int pages_per_poll = 20;
  /// Mentions younger than this are asked for again, where the platform lets them be; zero: none are.
  std::chrono::milliseconds hydrate = std::chrono::hours(24 * 30);
  std::optional<std::int64_t> requests_per_day = {};  ///< nothing: what the platform allows
  connectors::LegalProfile legal = {};                ///< the rules that hold for it
  connectors::Settings settings = {};
  std::string where = {};  ///< "file:line:column"
};

/// What a company says of the rules for one source, configured or imported.
struct OwnLegal {
  std::string source = {};
  connectors::LegalProfile profile = {};
};

/// Everything the configuration says, checked and with defaults filled in.
struct Config {
  std::string database = "/var/lib/earshot/earshot.db";
  std::string output = {};  ///< directory for feeds and reports; empty: beside the database
  log::Level log_level = log::Level::info;
  int workers = 1;  ///< analysis threads
  std::chrono::milliseconds insight_interval = std::chrono::minutes(5);

  std::optional<std::chrono::milliseconds> keep = {};  ///< mentions older than this go; nothing: none does
  bool pseudonyms = false;                             ///< people's names are not kept
  std::optional<std::int64_t> size_max = {};           ///< bytes of the database above which the oldest go

  std::string user_agent = {};
  std::string contact = {};                 ///< address that platforms may write to, part of the user agent
  std::vector<std::string> net_allow = {};  ///< private ranges that may be connected to

  std::string credentials_folder = "/etc/earshot/credentials";  ///< files of secrets, by their names
  std::vector<net::auth::CredentialSpec> credentials = {};

  analysis::AnalyserOptions analysis = {};
  std::vector<Brand> brands = {};
  std::vector<SourceConfig> sources = {};
  std::vector<OwnLegal> legal = {};
  std::vector<insight::MoneyAssumptions> money = {};
  std::vector<insight::Kpi> kpis = {};
  std::chrono::milliseconds ror_half_life = std::chrono::days(90);  ///< of what people did for the brand
  std::vector<LinkConfig> links = {};
  std::vector<ServiceConfig> service = {};
  HttpConfig http = {};
  DeliveryConfig delivery = {};
  std::vector<ReportPlan> reports = {};
};

/// Reads one TOML file and, beside it, `conf.d/*.toml` in the order of their names. Fails with `invalid`; the
/// message has one line per mistake, each "file:line:column: what, and what to do".
Result<Config> load_config(const std::string& path);
/// The same from text, for tests; `name` stands for the file in messages.
Result<Config> parse_config(std::string_view text, const std::string& name);

/// Where tokens that change in use are kept: `tokens` beside the database.
std::string tokens_folder(const Config& config);

/// "500MB", "20 GB", "1.5TB": powers of 1000, at least one megabyte.
std::optional<std::int64_t> parse_size(std::string_view text);

}  // namespace earshot::daemon
