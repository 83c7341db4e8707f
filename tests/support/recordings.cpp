#include "tests/support/recordings.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace earshot::test {
namespace {

std::string decode_base64(std::string_view text) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if ((count += 6) >= 8) out.push_back(static_cast<char>(bits >> (count -= 8) & 0xFF));
  }
  return out;
}

}  // namespace

bool for_each_recording(const std::string& set, const std::function<void(const Recording&)>& use) {
  const std::filesystem::path folder = std::filesystem::path(EARSHOT_SOURCE_DIR) / "../shared/replay" / set;
  std::error_code missing;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) files.push_back(entry.path());
  if (missing) return false;
  std::ranges::sort(files);
  for (const auto& path : files) {
    std::ifstream file(path);
    for (std::string text; std::getline(file, text);) {
      auto line = connectors::parse_json(text);
      if (!line) continue;
      const auto root = line->root();
      Recording record;
      record.file = path.filename();
      record.url = root["url"].text();
      record.status = static_cast<int>(root["status"].integer().value_or(0));
      for (const auto header : root["headers"])
        if (header.key() == "Content-Type" || header.key() == "content-type") record.content_type = header.text();
      record.body = root["body_base64"] ? decode_base64(root["body_base64"].text()) : std::string(root["body"].text());
      record.source = root["source"].text();
      record.expect = root["expect"].text();
      record.line = std::move(*line);
      use(record);
    }
  }
  return true;
}

std::string show(const char* name, const Rate& rate) {
  char buffer[120];
  std::snprintf(buffer, sizeof buffer, "  %-14s %5.1f %%  (%zu of %zu)\n", name, rate.percent(), rate.hits, rate.asked);
  return buffer;
}

}  // namespace earshot::test
