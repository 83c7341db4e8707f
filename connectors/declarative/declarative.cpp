#include "connectors/declarative/declarative.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "connectors/declarative/recorded.hpp"
#include "connectors/declarative/source_settings.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/assert.hpp"
#include "core/base/url.hpp"
#include "embedded/platforms.hpp"

namespace earshot::connectors::declarative {
namespace {

constexpr std::size_t file_bytes_max = 256 * 1024;
constexpr HistoryKeys history_keys{.days = "history_days", .pages = "pages_max", .pages_max = 10'000};

Result<Platform> read_file(const std::string& name, const Setting& setting) {
  const auto path = path_beside(setting, name);
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  std::error_code ignored;
  if (in && std::filesystem::is_regular_file(path, ignored)) bytes << in.rdbuf();
  const auto text = bytes.str();
  if (text.empty()) return unexpected(ErrorKind::invalid, "`file` cannot be read: " + path);
  if (text.size() > file_bytes_max) return unexpected(ErrorKind::invalid, "`file` is too large: " + path);
  return read_platform(text, path);
}

/// `connector = "declarative"`: a file of one's own, beside the configuration.
Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  SettingsReader reader(input.settings);
  const auto name = reader.required_text("file");
  const auto* setting = input.settings.find("file");
  if (name.empty() || setting == nullptr) {
    auto error = mistakes_in(input, reader.finish());
    EARSHOT_ASSERT(error.has_value());
    return unexpected(std::move(*error));
  }
  auto platform = read_file(name, *setting);
  if (!platform) return unexpected(platform.error());
  return make_source(std::make_shared<const Platform>(std::move(*platform)), input);
}

/// Without a file: the shipped platform that knows the address, for tools that have nothing but a recording.
Result<Page> parse(std::string_view url, std::string_view body, Timestamp now) {
  const auto asked = parse_url(url);
  for (const auto& spec : shipped())
    if (asked && !spec.home.empty() && asked->host == spec.home) return spec.parse(url, body, now);
  return unexpected(ErrorKind::invalid, "no platform is known for this address: name the source's `file`");
}

ConnectorSpec spec_of(std::shared_ptr<const Platform> platform) {
  ConnectorSpec spec{.name = platform->name,
                     .summary = platform->summary,
                     .access = platform->access,
                     .history = history_keys,
                     .legal = platform->legal};
  if (const auto base = fill(platform->base, {}))
    if (const auto url = parse_url(*base)) spec.home = url->host;
  spec.make = [platform](const ConnectorInput& input) { return make_source(platform, input); };
  spec.parse = [platform](std::string_view url, std::string_view body, Timestamp now) {
    return parse_recorded(*platform, url, body, now);
  };
  return spec;
}

}  // namespace

const std::vector<ConnectorSpec>& shipped() {
  static const std::vector<ConnectorSpec> all = [] {
    std::vector<ConnectorSpec> specs;
    for (const auto& file : embedded::platforms()) {
      auto platform = read_platform(file.bytes, std::string(file.name));
      EARSHOT_ASSERT(platform.has_value());  // a test names the mistake
      specs.push_back(spec_of(std::make_shared<const Platform>(std::move(*platform))));
    }
    return specs;
  }();
  return all;
}

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "declarative",
    .summary = "any platform with a JSON API, described by a file of your own",
    .access = "as the platform says",
    .make = make,
    .parse = parse,
    .history = history_keys,
};

}  // namespace earshot::connectors::declarative
