// Runs while Earshot is built: writes the shipped lexicons as they stand in memory, one file per language, so
// that programs need not read 3 MB of word lists at each start.
//   earshot_compile_lexicons FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "analysis/text/lexicon_set.hpp"
#include "analysis/text/tokenizer.hpp"
#include "embedded/lexicon_tables.hpp"

namespace earshot::embedded {

/// Those that are being made.
std::span<const File> lexicon_tables() { return {}; }

}  // namespace earshot::embedded

namespace {

bool write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) std::fprintf(stderr, "cannot write %s\n", path.c_str());
  return static_cast<bool>(out);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace earshot::analysis;
  if (argc != 2) {
    std::fputs("usage: earshot_compile_lexicons FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  const Tokenizer tokenizer;
  const auto set = build_lexicons({}, tokenizer);
  if (!set) {
    std::fprintf(stderr, "%s\n", set.error().message.c_str());
    return 1;
  }
  bool written = write(folder / "common", set->common.bytes());
  written &= write(folder / "version", std::to_string(set->version));
  for (const auto& [language, lexicon] : set->languages) written &= write(folder / language, lexicon.bytes());
  return written ? 0 : 1;
}
