#include "daemon/config.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/base/text.hpp"
#include "daemon/credential_config.hpp"
#include "net/credentials.hpp"

namespace earshot::daemon {
namespace {

std::string place(const std::string& file, const toml::source_region& region) {
  return file + ":" + std::to_string(region.begin.line) + ":" + std::to_string(region.begin.column);
}

/// One TOML table being read: typed access that collects mistakes, and knows which keys nobody asked for.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string file, std::string name,
              std::vector<std::string>& mistakes)
      : table_(table), file_(std::move(file)), name_(std::move(name)), mistakes_(mistakes) {}

  void text(std::string_view key, std::string& out) {
    if (const auto* node = find(key)) {
      if (const auto value = node->value<std::string>(); value && node->is_string())
        out = *value;
      else
        wrong(key, *node, "a text in quotes");
    }
  }

  void flag(std::string_view key, bool& out) {
    if (const auto* node = find(key)) {
      if (node->is_boolean())
        out = *node->value<bool>();
      else
        wrong(key, *node, "true or false");
    }
  }

  void integer(std::string_view key, int& out, int low, int high) {
    if (const auto* node = find(key)) {
      const auto value = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
      if (value && *value >= low && *value <= high)
        out = static_cast<int>(*value);
      else
        wrong(key, *node, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
  }

  void duration(std::string_view key, std::chrono::milliseconds& out) {
    if (const auto* node = find(key)) {
      const auto value = node->is_string() ? parse_duration(*node->value<std::string>()) : std::nullopt;
      // Clocks count nanoseconds: what is far beyond would wrap round and never wait at all.
      if (value && value->count() > 0 && *value <= std::chrono::hours(24 * 366))
        out = *value;
      else
        wrong(key, *node, "a duration of up to a year such as \"90s\", \"5m\" or \"1h\"");
    }
  }

  void list(std::string_view key, std::vector<std::string>& out) {
    const auto* node = find(key);
    if (!node) return;
    const auto* array = node->as_array();
    if (!array) return wrong(key, *node, "a list of texts");
    for (const auto& element : *array) {
      if (element.is_string())
        out.push_back(*element.value<std::string>());
      else
        wrong(key, element, "a list of texts");
    }
  }

  const toml::table* table(std::string_view key) {
    const auto* node = find(key);
    if (!node) return nullptr;
    if (const auto* found = node->as_table()) return found;
    wrong(key, *node, "a table, written [" + std::string(key) + "]");
    return nullptr;
  }

  std::vector<const toml::table*> tables(std::string_view key) {
    std::vector<const toml::table*> out;
    const auto* node = find(key);
    if (!node) return out;
    const auto* array = node->as_array();
    if (array)
      for (const auto& element : *array)
        if (element.is_table()) out.push_back(element.as_table());
    if (!array || out.size() != array->size())
      wrong(key, *node, "tables, written [[" + std::string(key) + "]]");
    return out;
  }

  void required(std::string_view key, const std::string& value) {
    if (value.empty() && !table_.contains(key))
      mistake(place(file_, table_.source()), "'" + std::string(key) + "' is missing");
  }

  void mistake(const std::string& where, const std::string& what) {
    mistakes_.push_back(where + ": " + name_ + ": " + what);
  }
  std::string where(std::string_view key) const {
    const auto* node = table_.get(key);
    return place(file_, node ? node->source() : table_.source());
  }

  /// Keys that were not asked for are handed over; `finish` reports them instead.
  void rest(connectors::Settings& out) {
    for (const auto& [key, node] : table_)
      if (!known_.contains(std::string(key.str()))) take(out, std::string(key.str()), node);
  }

  void finish() {
    const std::vector<std::string> known(known_.begin(), known_.end());
    for (const auto& [key, node] : table_) {
      if (known_.contains(std::string(key.str()))) continue;
      const auto near = nearest_name(key.str(), known);
      mistake(place(file_, node.source()), "unknown key '" + std::string(key.str()) + "'" +
                                               (near.empty() ? "" : ", did you mean '" + near + "'?"));
    }
  }

 private:
  const toml::node* find(std::string_view key) {
    known_.insert(std::string(key));
    return table_.get(key);
  }

  void wrong(std::string_view key, const toml::node& node, const std::string& wanted) {
    mistake(place(file_, node.source()), "'" + std::string(key) + "' must be " + wanted);
  }

  void take(connectors::Settings& out, std::string key, const toml::node& node) {
    connectors::Setting setting{.value = {}, .where = place(file_, node.source())};
    if (node.is_string())
      setting.value = *node.value<std::string>();
    else if (node.is_integer())
      setting.value = *node.value<std::int64_t>();
    else if (node.is_floating_point())
      setting.value = *node.value<double>();
    else if (node.is_boolean())
      setting.value = *node.value<bool>();
    else if (const auto* array = node.as_array()) {
      std::vector<std::string> texts;
      for (const auto& element : *array)
        if (element.is_string()) texts.push_back(*element.value<std::string>());
      if (texts.size() != array->size()) return wrong(key, node, "a list of texts");
      setting.value = std::move(texts);
    } else {
      return wrong(key, node, "a text, number, flag or list of texts");
    }
    out.set(std::move(key), std::move(setting));
  }

  const toml::table& table_;
  std::string file_, name_;
  std::vector<std::string>& mistakes_;
  std::set<std::string> known_;
};

/// Reads one file's table into a Config that several files share.
class ConfigReader {
 public:
  void read(std::string_view text, const std::string& file) {
    try {
      const toml::table root = toml::parse(text, file);
      read_root(root, file);
    } catch (const toml::parse_error& failure) {
      mistakes_.push_back(place(file, failure.source()) + ": " + std::string(failure.description()));
    }
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
  void read_root(const toml::table& root, const std::string& file) {
    TableReader reader(root, file, "configuration", mistakes_);
    reader.text("database", config_.database);
    reader.text("output", config_.output);
    reader.integer("workers", config_.workers, 1, 64);
    reader.duration("insight_interval", config_.insight_interval);
    std::string level = "info";
    reader.text("log_level", level);
    static const std::vector<std::string> levels = {"debug", "info", "warn", "error"};
    const auto found = std::ranges::find(levels, level);
    if (found == levels.end())
      reader.mistake(reader.where("log_level"), "'log_level' must be debug, info, warn or error");
    else
      config_.log_level = static_cast<log::Level>(found - levels.begin());
    if (const auto* net = reader.table("net")) read_net(*net, file);
    if (const auto* retention = reader.table("retention")) read_retention(*retention, file);
    if (const auto* analysis = reader.table("analysis")) read_analysis(*analysis, file);
    reader.text("credentials_folder", config_.credentials_folder);
    for (const auto* credential : reader.tables("credential")) read_credential(*credential, file);
    for (const auto* brand : reader.tables("brand")) read_brand(*brand, file);
    for (const auto* source : reader.tables("source")) read_source(*source, file);
    reader.finish();
  }

  void read_net(const toml::table& table, const std::string& file) {
    TableReader reader(table, file, "net", mistakes_);
    reader.text("user_agent", config_.user_agent);
    reader.text("contact", config_.contact);
    reader.list("allow", config_.net_allow);
    reader.finish();
  }

  void read_retention(const toml::table& table, const std::string& file) {
    TableReader reader(table, file, "retention", mistakes_);
    std::chrono::milliseconds keep{};
    reader.duration("keep", keep);
    if (keep > keep.zero() && keep < std::chrono::hours(24))
      reader.mistake(reader.where("keep"), "'keep' must be a day or more");
    if (keep > keep.zero()) config_.keep = keep;
    std::string size;
    reader.text("size_max", size);
    if (size.empty()) return reader.finish();
    config_.size_max = parse_size(size);
    if (!config_.size_max)
      reader.mistake(reader.where("size_max"), "'size_max' must be a size such as \"20GB\" or \"500MB\"");
    reader.finish();
  }

  void read_analysis(const toml::table& table, const std::string& file) {
    TableReader reader(table, file, "analysis", mistakes_);
    reader.list("languages", config_.analysis.languages);
    std::vector<std::string> rules_off;
    reader.list("rules_off", rules_off);
    if (const auto rules = analysis::rules_without(rules_off); rules)
      config_.analysis.rules = *rules;
    else
      reader.mistake(reader.where("rules_off"), rules.error().message);
    std::string overlay;
    reader.text("lexicon", overlay);
    if (!overlay.empty()) {
      const auto path = std::filesystem::path(file).parent_path() / overlay;
      std::ifstream in(path, std::ios::binary);
      std::stringstream bytes;
      bytes << in.rdbuf();
      if (!in) reader.mistake(reader.where("lexicon"), "cannot read " + path.string());
      config_.analysis.overlay += bytes.str();
    }
    for (const auto* issue : reader.tables("issue_type")) {
      TableReader own(*issue, file, "issue_type", mistakes_);
      analysis::OwnIssueType type;
      own.text("name", type.name);
      own.list("examples", type.examples);
      own.required("name", type.name);
      own.finish();
      config_.analysis.own_issues.push_back(std::move(type));
    }
    reader.finish();
  }

  void read_brand(const toml::table& table, const std::string& file) {
    TableReader reader(table, file, "brand", mistakes_);
    Brand brand;
    reader.text("name", brand.name);
    reader.list("aliases", brand.aliases);
    reader.list("handles", brand.handles);
    reader.list("own_accounts", brand.own_accounts);
    reader.list("products", brand.products);
    reader.list("competitors", brand.competitors);
    reader.text("query", brand.query);
    reader.list("must_match", brand.must_match);
    reader.list("must_not_match", brand.must_not_match);
    reader.required("name", brand.name);
    reader.finish();
    for (const auto& known : config_.brands)
      if (fold_case(known.name) == fold_case(brand.name) && !brand.name.empty())
        reader.mistake(reader.where("name"), "the name '" + brand.name + "' is used twice");
    brand_places_.push_back(reader.where("competitors"));
    config_.brands.push_back(std::move(brand));
  }

  void read_credential(const toml::table& table, const std::string& file) {
    TableReader reader(table, file, "credential", mistakes_);
    connectors::Settings settings;
    reader.rest(settings);
    auto spec = daemon::read_credential(settings, place(file, table.source()), mistakes_);
    const auto same = [&](const net::auth::CredentialSpec& known) { return known.name == spec.name; };
    if (net::is_credential_name(spec.name) && std::ranges::any_of(config_.credentials, same))
      reader.mistake(reader.where("name"), "the name '" + spec.name + "' is used twice");
    config_.credentials.push_back(std::move(spec));
  }

  void read_source(const toml::table& table, const std::string& file) {
    TableReader reader(table, file, "source", mistakes_);
    SourceConfig source;
    source.where = place(file, table.source());
    reader.text("name", source.name);
    reader.text("connector", source.connector);
    reader.flag("enabled", source.enabled);
    reader.list("brands", source.brands);
    reader.text("about", source.about);
    reader.duration("interval", source.interval_min);
    source.interval_max = std::max(source.interval_max, source.interval_min);
    reader.duration("interval_max", source.interval_max);
    reader.integer("pages_per_poll", source.pages_per_poll, 1, 10'000);
    reader.required("connector", source.connector);
    if (source.name.empty()) source.name = source.connector;
    if (source.interval_max < source.interval_min)
      reader.mistake(reader.where("interval_max"), "'interval_max' is shorter than 'interval'");
    reader.rest(source.settings);
    for (const auto& known : config_.sources)
      if (known.name == source.name)
        reader.mistake(source.where,
                       "the name '" + source.name + "' is used twice: give each source a 'name'");
    config_.sources.push_back(std::move(source));
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
    for (std::size_t i = 0; i < config_.brands.size(); ++i)
      for (const auto& competitor : config_.brands[i].competitors) check(brand_places_[i], competitor);
  }

  Config config_;
  std::vector<std::string> brand_places_;
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

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || !(number >= 0) || number > 1e9) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const double factor = unit == "ms"  ? 1
                        : unit == "s" ? 1e3
                        : unit == "m" ? 6e4
                        : unit == "h" ? 3.6e6
                        : unit == "d" ? 8.64e7
                        : unit == "w" ? 6.048e8
                                      : 0;
  if (factor == 0) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * factor));
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

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = 3;
  for (const auto& name : known) {
    if (name.empty()) continue;
    std::vector<std::size_t> row(name.size() + 1);
    for (std::size_t j = 0; j <= name.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= wanted.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= name.size(); ++j) {
        const auto substitute = diagonal + (wanted[i - 1] == name[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
      }
    }
    if (row[name.size()] < best_distance) {
      best_distance = row[name.size()];
      best = name;
    }
  }
  return best;
}

}  // namespace earshot::daemon
