// init, check: making a configuration, and finding everything that is wrong with one.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/prepare.hpp"

namespace earshot::cli {
namespace {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20) out.push_back(c);
  }
  return out + "\"";
}

std::string url_words(std::string_view text) {
  std::string out;
  for (const char c : text) {
    char buffer[4];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
      out.push_back(c);
    else {
      std::snprintf(buffer, sizeof buffer, "%%%02X", static_cast<unsigned char>(c));
      out += buffer;
    }
  }
  return out;
}

/// One [[source]] for each name that needs no key; empty for a name we cannot write a configuration for.
std::string source_block(const std::string& name, const std::string& brand) {
  const std::string head = "\n[[source]]\nname = " + toml_text(name) + "\n";
  if (name == "bluesky")
    return head +
           "connector = \"bluesky\"\n# Searches for the brand's name; add queries = [\"…\"] to search for "
           "more.\n";
  if (name == "mastodon")
    return head +
           "connector = \"mastodon\"\nbase = \"https://mastodon.social\"\n"
           "# Follows the brand's hashtag; add tags = [\"…\"], or queries with a credential.\n";
  if (name == "hacker_news") return head + "connector = \"hacker_news\"\n";
  if (name == "news")
    return head + "connector = \"feed\"\nurls = [\"https://news.google.com/rss/search?q=%22" +
           url_words(brand) + "%22+when:7d&hl=en-US&gl=US&ceid=US:en\"]\ninterval = \"15m\"\n";
  return {};
}

}  // namespace

int init(const Options& options) {
  if (trim(options.brand).empty()) return fail("init needs --brand \"Name\"", 2);
  const auto path = !options.output.empty() ? options.output
                    : options.config_given  ? options.config_path
                                            : "earshot.toml";
  if (std::filesystem::exists(path) && !options.force)
    return fail(path + " is already there: add --force to replace it");
  auto names = options.sources;
  if (names.empty()) names = {"bluesky", "mastodon", "hacker_news", "news"};
  std::string out =
      "# What Earshot listens to. Every key is explained in docs/config.md; check changes with:\n"
      "#   earshot check --config " +
      path + "\n\n";
  const auto database = options.database.empty() ? std::string("earshot.db") : options.database;
  out += "database = " + toml_text(database) +
         "\n\n[net]\n# An address that platforms may write to when our requests trouble them.\n"
         "contact = \"\"\n\n[[brand]]\nname = " +
         toml_text(options.brand) +
         "\n"
         "# Other spellings, products, and handles that customers address:\n"
         "# aliases = []\n# products = []\n# handles = [\"@…\"]\n"
         "# Accounts of your own; what they write is an answer, not a mention:\n# own_accounts = [\"@…\"]\n"
         "# Texts that `earshot check` must find, and must not find:\n# must_match = []\n# must_not_match = "
         "[]\n";
  for (const auto& name : names) {
    const auto block = source_block(name, options.brand);
    if (block.empty())
      return fail("no source '" + name + "'; init knows bluesky, mastodon, hacker_news and news", 2);
    out += block;
  }
  std::error_code ignored;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  std::ofstream file(path, std::ios::binary);
  file << out;
  if (!file.flush()) return fail("cannot write " + path);
  std::printf("%s written. Next: earshotd --config %s\n", path.c_str(), path.c_str());
  return 0;
}

int check(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  std::vector<std::string> mistakes;
  const auto collect = [&](const Error& error) {
    for (const auto line : split(error.message, '\n')) mistakes.emplace_back(line);
  };
  if (!config) {
    collect(config.error());
  } else {
    auto prepared = daemon::prepare(*config, {});
    if (!prepared)
      collect(prepared.error());
    else
      for (auto& failure : prepared->pipeline->matcher().run_examples())
        mistakes.push_back(std::move(failure));
  }
  if (options.json) {
    JsonWriter out;
    out.begin_object().field("ok", mistakes.empty()).key("mistakes").begin_array();
    for (const auto& mistake : mistakes) out.value(mistake);
    out.end_array().end_object();
    std::printf("%s\n", out.str().c_str());
    return mistakes.empty() ? 0 : 1;
  }
  for (const auto& mistake : mistakes) std::fprintf(stderr, "%s\n", printable(mistake).c_str());
  if (!mistakes.empty()) {
    std::fprintf(stderr, "%zu mistake%s\n", mistakes.size(), mistakes.size() == 1 ? "" : "s");
    return 1;
  }
  std::size_t examples = 0;
  for (const auto& brand : config->brands) examples += brand.must_match.size() + brand.must_not_match.size();
  std::printf("%s is fine: %zu brands, %zu sources, %zu examples\n", options.config_path.c_str(),
              config->brands.size(), config->sources.size(), examples);
  return 0;
}

CommandSpec init_command() {
  return {.name = "init",
          .group = CommandGroup::set_up,
          .purpose = "Write a commented configuration",
          .examples =
              "  earshot init --brand \"Acme Cloud\"\n  earshot init --brand Acme --sources "
              "bluesky,news --output acme.toml",
          .run = init,
          .options = OptionList{
              {.names = "--brand",
               .target = &Options::brand,
               .help = "Name of the brand",
               .kind = ValueKind::brand,
               .required = true},
              {.names = "--sources",
               .target = &Options::sources,
               .help = "bluesky, mastodon, hacker_news, news",
               .known = {"bluesky", "mastodon", "hacker_news", "news"},
               .comma_separated = true},
              {.names = "--output",
               .target = &Options::output,
               .help = "File to write (default earshot.toml)",
               .kind = ValueKind::file},
              {.names = "--force", .target = &Options::force, .help = "Replace the file when it is there"}}};
}

CommandSpec check_command() {
  return {.name = "check",
          .group = CommandGroup::set_up,
          .purpose = "Find every mistake in a configuration, and run its examples",
          .examples = "  earshot check --config /etc/earshot/earshot.toml",
          .run = check,
          .options = OptionList{json_option()},
          .fails = "The configuration has mistakes, or an example is not found as it should be."};
}

}  // namespace earshot::cli
