#include "daemon/config.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "core/base/toml.hpp"
#include "core/model/names.hpp"
#include "daemon/credential_config.hpp"
#include "daemon/http_config.hpp"
#include "daemon/kpi_config.hpp"
#include "daemon/money_config.hpp"
#include "net/credentials.hpp"

namespace earshot::daemon {
namespace {

constexpr std::chrono::milliseconds shortest{1};
/// Of history, not of a wait: no clock counts it down.
constexpr std::chrono::milliseconds keep_min = std::chrono::days(1), keep_max = std::chrono::days(36'500);

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(list));
}

/// A list of texts; here one text is none.
std::vector<std::string> list(TomlReader& reader, std::string_view key) {
  const auto* node = reader.find(key);
  if (node == nullptr || !node->is(TomlNode::Kind::text)) return reader.list(key);
  reader.mistake(key, "must be a list of texts");
  return {};
}

std::optional<connectors::Setting> setting_of(TomlReader& reader, const TomlMember& member) {
  const auto& [key, node] = member;
  connectors::Setting out{.value = {}, .where = reader.place(key)};
  switch (node.kind) {
    case TomlNode::Kind::text: out.value = node.text; return out;
    case TomlNode::Kind::integer: out.value = node.integer; return out;
    case TomlNode::Kind::real: out.value = node.real; return out;
    case TomlNode::Kind::flag: out.value = node.flag; return out;
    case TomlNode::Kind::table: out.value = node; return out;
    case TomlNode::Kind::array: {
      const auto is_table = [](const TomlNode& element) { return element.is(TomlNode::Kind::table); };
      if (!node.elements.empty() && std::ranges::all_of(node.elements, is_table)) {
        out.value = node;
        return out;
      }
      auto texts = reader.list(key);
      if (texts.size() != node.elements.size()) return std::nullopt;
      out.value = std::move(texts);
      return out;
    }
    default: reader.mistake(key, "must be a text, number, flag or list of texts"); return std::nullopt;
  }
}

/// The keys of a table that its connector or kind knows.
connectors::Settings settings_of(TomlReader& reader) {
  connectors::Settings out;
  for (const auto* member : reader.rest())
    if (auto setting = setting_of(reader, *member)) out.set(member->name, std::move(*setting));
  return out;
}

/// Reads files into a Config that they share.
class ConfigReader {
 public:
  void read(std::string_view text, const std::string& file) {
    const auto root = parse_toml(text, file);
    if (!root) return mistake(root.error().message);
    TomlMistakes mistakes(file);
    read_root(*root, file, mistakes);
    if (!mistakes.empty()) mistake(mistakes.text());
  }

  Result<Config> finish() {
    check_references();
    if (mistakes_.empty()) return std::move(config_);
    std::string all;
    for (const auto& mistake : mistakes_) all += (all.empty() ? "" : "\n") + mistake;
    return unexpected(ErrorKind::invalid, all);
  }

  void mistake(std::string text) { mistakes_.push_back(std::move(text)); }

 private:
  void read_root(const TomlNode& root, const std::string& file, TomlMistakes& mistakes) {
    TomlReader reader(root, "configuration", mistakes);
    config_.database = reader.text("database", config_.database);
    config_.output = reader.text("output", config_.output);
    config_.workers = static_cast<int>(reader.integer("workers", config_.workers, 1, 64));
    config_.insight_interval = reader.duration("insight_interval", config_.insight_interval, shortest);
    if (reader.find("log_level") != nullptr) {
      static const std::vector<std::string> levels = {"debug", "info", "warn", "error"};
      const auto found = std::ranges::find(levels, reader.text("log_level"));
      if (found == levels.end())
        reader.mistake("log_level", "must be debug, info, warn or error");
      else
        config_.log_level = static_cast<log::Level>(found - levels.begin());
    }
    if (const auto* net = reader.table("net")) read_net(*net, mistakes);
    if (const auto* privacy = reader.table("privacy")) {
      TomlReader table(*privacy, "privacy", mistakes);
      config_.pseudonyms = table.flag("pseudonyms", false);
      table.finish();
    }
    if (const auto* retention = reader.table("retention")) read_retention(*retention, mistakes);
    if (const auto* http = reader.table("http")) {
      TomlReader table(*http, "http", mistakes);
      config_.http = read_http(table);
    }
    if (const auto* analysis = reader.table("analysis")) read_analysis(*analysis, file, mistakes);
    config_.credentials_folder = reader.text("credentials_folder", config_.credentials_folder);
    for (const auto* credential : reader.tables("credential")) read_credential(*credential, mistakes);
    for (const auto* brand : reader.tables("brand")) read_brand(*brand, mistakes);
    for (const auto* source : reader.tables("source")) read_source(*source, mistakes);
    for (const auto* legal : reader.tables("legal")) read_own_legal(*legal, mistakes);
    for (const auto* money : reader.tables("money")) read_money(*money, mistakes);
    for (const auto* kpi : reader.tables("kpi")) read_kpi(*kpi, mistakes);
    for (const auto* link : reader.tables("link")) read_link(*link, mistakes);
    if (const auto* ror = reader.table("ror")) {
      TomlReader table(*ror, "ror", mistakes);
      config_.ror_half_life = table.duration("half_life", config_.ror_half_life, std::chrono::days(1));
      table.finish();
    }
    for (const auto* service : reader.tables("service")) read_service(*service, mistakes);
    for (const auto* destination : reader.tables("destination")) {
      TomlReader own(*destination, "destination", mistakes);
      read_destination(own, config_.delivery);
    }
    for (const auto* report : reader.tables("report")) {
      TomlReader own(*report, "report", mistakes);
      read_report(own, config_.reports, config_.delivery);
    }
    for (const auto* route : reader.tables("route")) {
      TomlReader own(*route, "route", mistakes);
      read_route(own, config_.delivery);
    }
    reader.finish();
  }

  void read_net(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "net", mistakes);
    config_.user_agent = reader.text("user_agent", config_.user_agent);
    config_.contact = reader.text("contact", config_.contact);
    append(config_.net_allow, list(reader, "allow"));
    reader.finish();
  }

  void read_retention(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "retention", mistakes);
    if (const auto text = reader.text("keep"); !text.empty()) {
      config_.keep = parse_duration(text);
      if (!config_.keep || *config_.keep < keep_min || *config_.keep > keep_max)
        reader.mistake("keep", "must be from a day to a hundred years, such as \"180d\" or \"730d\"");
    }
    if (const auto size = reader.text("size_max"); !size.empty()) {
      config_.size_max = parse_size(size);
      if (!config_.size_max) reader.mistake("size_max", "must be a size such as \"20GB\" or \"500MB\"");
    }
    reader.finish();
  }

  void read_analysis(const TomlNode& table, const std::string& file, TomlMistakes& mistakes) {
    TomlReader reader(table, "analysis", mistakes);
    append(config_.analysis.languages, list(reader, "languages"));
    const auto rules_off = list(reader, "rules_off");
    if (const auto rules = analysis::rules_without(rules_off); rules)
      config_.analysis.rules = *rules;
    else
      reader.mistake_at(*reader.find("rules_off"), rules.error().message);
    if (const auto overlay = reader.text("lexicon"); !overlay.empty()) {
      const auto path = std::filesystem::path(file).parent_path() / overlay;
      std::ifstream in(path, std::ios::binary);
      std::stringstream bytes;
      bytes << in.rdbuf();
      if (!in) reader.mistake("lexicon", "cannot be read: " + path.string());
      config_.analysis.overlay += bytes.str();
    }
    for (const auto* issue : reader.tables("issue_type")) {
      TomlReader own(*issue, "issue_type", mistakes);
      auto name = own.required_text("name");
      config_.analysis.own_issues.push_back({.name = std::move(name), .examples = list(own, "examples")});
      own.finish();
    }
    reader.finish();
  }

  void read_brand(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "brand", mistakes);
    Brand brand{.name = reader.required_text("name"),
                .aliases = list(reader, "aliases"),
                .handles = list(reader, "handles"),
                .own_accounts = list(reader, "own_accounts"),
                .products = list(reader, "products"),
                .competitors = list(reader, "competitors"),
                .query = reader.text("query"),
                .must_match = list(reader, "must_match"),
                .must_not_match = list(reader, "must_not_match")};
    reader.finish();
    for (const auto& known : config_.brands)
      if (fold_case(known.name) == fold_case(brand.name) && !brand.name.empty())
        reader.mistake("name", "is used twice: '" + brand.name + "'");
    brand_places_.push_back(reader.place("competitors"));
    config_.brands.push_back(std::move(brand));
  }

  void read_credential(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "credential", mistakes);
    auto spec = daemon::read_credential(settings_of(reader), mistakes.place(table), mistakes_);
    const auto same = [&](const net::auth::CredentialSpec& known) { return known.name == spec.name; };
    if (net::is_credential_name(spec.name) && std::ranges::any_of(config_.credentials, same))
      reader.mistake("name", "is used twice: '" + spec.name + "'");
    config_.credentials.push_back(std::move(spec));
  }

  void read_source(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "source", mistakes);
    SourceConfig source;
    source.where = mistakes.place(table);
    source.connector = reader.required_text("connector");
    source.name = reader.text("name", source.connector);
    source.enabled = reader.flag("enabled", source.enabled);
    source.brands = list(reader, "brands");
    source.about = reader.text("about");
    source.interval_min = reader.duration("interval", source.interval_min, shortest);
    source.interval_max =
        reader.duration("interval_max", std::max(source.interval_max, source.interval_min), shortest);
    source.pages_per_poll =
        static_cast<int>(reader.integer("pages_per_poll", source.pages_per_poll, 1, 10'000));
    if (const auto* node = reader.find("hydrate"); node != nullptr && node->text == "off")
      source.hydrate = source.hydrate.zero();
    else
      source.hydrate = reader.duration("hydrate", source.hydrate, std::chrono::hours(1));
    if (reader.find("requests_per_day") != nullptr)
      source.requests_per_day = reader.integer("requests_per_day", 1, 1, 1'000'000'000);
    if (source.name.empty()) source.name = source.connector;
    if (source.interval_max < source.interval_min)
      reader.mistake("interval_max", "is shorter than `interval`");
    source.settings = settings_of(reader);
    for (const auto& known : config_.sources)
      if (known.name == source.name)
        reader.mistake_at(table, "the name '" + source.name + "' is used twice: give each source a `name`");
    config_.sources.push_back(std::move(source));
  }

  void read_own_legal(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "legal", mistakes);
    OwnLegal own{.source = reader.required_text("source"), .profile = {}};
    own.profile = connectors::read_legal(table, "legal", mistakes, {"source"});
    for (const auto& known : config_.legal)
      if (known.source == own.source) reader.mistake("source", "is used twice: '" + own.source + "'");
    config_.legal.push_back(std::move(own));
  }

  void read_money(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "money", mistakes);
    config_.money.push_back(daemon::read_money(reader));
    money_places_.push_back(reader.place("brand"));
    reader.finish();
  }

  void read_kpi(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "kpi", mistakes);
    config_.kpis.push_back(daemon::read_kpi(reader));
    kpi_places_.push_back(reader.place("brand"));
    for (std::size_t i = 0; i + 1 < config_.kpis.size(); ++i)
      if (config_.kpis[i].name == config_.kpis.back().name &&
          config_.kpis[i].brand == config_.kpis.back().brand)
        reader.mistake_at(table,
                          "the name '" + config_.kpis.back().name + "' is used twice: give each its own");
    reader.finish();
  }

  void read_link(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "link", mistakes);
    config_.links.push_back(daemon::read_link(reader));
    link_places_.push_back(reader.place("brand"));
    reader.finish();
  }

  void read_service(const TomlNode& table, TomlMistakes& mistakes) {
    TomlReader reader(table, "service", mistakes);
    config_.service.push_back(daemon::read_service(reader));
    service_places_.push_back(reader.place("brand"));
    reader.finish();
  }

  void check_references() {
    std::vector<std::string> names;
    for (const auto& brand : config_.brands) names.push_back(brand.name);
    const auto check = [&](const std::string& where, const std::string& name) {
      if (std::ranges::find(names, name) != names.end()) return;
      const auto near = nearest_name(name, names);
      mistakes_.push_back(where + ": there is no brand '" + name + "'" +
                          (near.empty() ? "" : ", did you mean '" + near + "'?"));
    };
    for (const auto& source : config_.sources) {
      for (const auto& brand : source.brands) check(source.where, brand);
      if (!source.about.empty()) check(source.where, source.about);
    }
    for (std::size_t i = 0; i < config_.money.size(); ++i)
      if (!config_.money[i].brand.empty()) check(money_places_[i], config_.money[i].brand);
    for (std::size_t i = 0; i < config_.kpis.size(); ++i)
      if (!config_.kpis[i].brand.empty()) check(kpi_places_[i], config_.kpis[i].brand);
    for (std::size_t i = 0; i < config_.links.size(); ++i)
      if (!config_.links[i].brand.empty()) check(link_places_[i], config_.links[i].brand);
    for (std::size_t i = 0; i < config_.service.size(); ++i)
      if (!config_.service[i].brand.empty()) check(service_places_[i], config_.service[i].brand);
    for (std::size_t i = 0; i < config_.brands.size(); ++i)
      for (const auto& competitor : config_.brands[i].competitors) check(brand_places_[i], competitor);
    std::vector<std::string> issues;
    for (std::size_t i = 0; i < issue_type_count; ++i)
      issues.emplace_back(to_string(static_cast<IssueType>(i)));
    for (const auto& own : config_.analysis.own_issues) issues.push_back(own.name);
    append(mistakes_, check_delivery(config_.delivery, names, issues));
  }

  Config config_;
  std::vector<std::string> brand_places_, money_places_, kpi_places_, link_places_, service_places_;
  std::vector<std::string> mistakes_;
};

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  if (in) bytes << in.rdbuf();
  if (!in || std::filesystem::is_directory(path))
    return unexpected(ErrorKind::invalid,
                      "cannot read " + path.string() + ": make one with `earshot init`, or give --config");
  return bytes.str();
}

}  // namespace

Result<Config> load_config(const std::string& path) {
  ConfigReader reader;
  auto text = read_file(path);
  if (!text) return unexpected(text.error());
  reader.read(*text, path);
  std::vector<std::filesystem::path> more;
  std::error_code ignored;
  const auto folder = std::filesystem::path(path).parent_path() / "conf.d";
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".toml") more.push_back(entry.path());
  std::ranges::sort(more);
  for (const auto& file : more) {
    auto part = read_file(file);
    if (part)
      reader.read(*part, file.string());
    else
      reader.mistake(part.error().message);
  }
  return reader.finish();
}

Result<Config> parse_config(std::string_view text, const std::string& name) {
  ConfigReader reader;
  reader.read(text, name);
  return reader.finish();
}

std::string tokens_folder(const Config& config) {
  return (std::filesystem::path(config.database).parent_path() / "tokens").string();
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{}) return std::nullopt;
  const auto unit = trim(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)));
  const double factor = unit == "MB" ? 1e6 : unit == "GB" ? 1e9 : unit == "TB" ? 1e12 : 0;
  if (factor == 0 || !(number * factor >= 1e6) || number * factor > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(number * factor);
}

}  // namespace earshot::daemon
