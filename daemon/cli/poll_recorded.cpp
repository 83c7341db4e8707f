// poll --recorded: replies from a file instead of the network, for whoever writes a platform's file or
// wonders why a mention looks as it does.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "connectors/connector.hpp"
#include "connectors/json_fields.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/cli/options.hpp"
#include "daemon/cli/terminal.hpp"

namespace earshot::cli {
namespace {

struct Reply {
  std::string url, body;
};

/// The whole file is one reply, or each of its lines is a record with the address and the body.
std::vector<Reply> replies_in(const std::string& text) {
  std::vector<Reply> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (trim(line).empty()) continue;
    const auto record = connectors::parse_json(line);
    if (!record || !record->root()["body"].is_string()) return {{"", text}};
    out.push_back({std::string(record->root()["url"].text()), std::string(record->root()["body"].text())});
  }
  return out;
}

void show(const Mention& mention) {
  std::printf("  %s  %s  %s  @%s\n    %s\n", printable(mention.native_id).c_str(),
              std::string(format_rfc3339(mention.created_at)).c_str(), mention.deleted ? "deleted" : "",
              printable(mention.author.handle).c_str(),
              clip(squeeze_space(printable(mention.title + " " + mention.text)), 100).c_str());
}

}  // namespace

int poll_recorded(const Options& options, const connectors::Connector& connector, const std::string& name) {
  std::ifstream in(options.recorded, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in) return fail("cannot read " + options.recorded);
  const SystemClock clock;
  bool failed = false;
  for (const auto& reply : replies_in(bytes.str())) {
    auto reading = connector.read_recorded(reply.url, reply.body, clock.now());
    if (!reading) {
      reading.emplace();
      reading->page = connectors::find_connector(name)->parse(reply.url, reply.body, clock.now());
    }
    std::printf("%s\n", reply.url.empty() ? options.recorded.c_str() : printable(reply.url).c_str());
    for (const auto& line : reading->findings) std::printf("  %s\n", printable(line).c_str());
    if (!reading->page) {
      failed = true;
      std::printf("  %s: %s\n", std::string(to_string(reading->page.error().kind)).c_str(),
                  printable(reading->page.error().message).c_str());
      continue;
    }
    for (const auto& bad : reading->page->bad_items)
      std::printf("  item %zu is left out: %s\n", bad.index, printable(bad.reason).c_str());
    std::printf("  %zu mentions\n", reading->page->mentions.size());
    for (const auto& mention : reading->page->mentions) show(mention);
  }
  return failed ? 1 : 0;
}

}  // namespace earshot::cli
