// Stands in for libFuzzer: runs the target over every file of the folders and files named, and over cuts of each.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& bytes) { LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()); }

std::size_t replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const auto bytes = text.str();
  run(bytes);
  const std::size_t step = bytes.size() / 64 + 1;
  for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
    run(bytes.substr(0, cut));
    auto flipped = bytes;
    flipped[cut] = static_cast<char>(flipped[cut] ^ 0x41);
    run(flipped);
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      files += replay(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) files += replay(entry.path());
  }
  std::cout << files << " inputs\n";
  return files > 0 ? 0 : 1;
}
