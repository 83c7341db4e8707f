// What a disk holds after the power failed.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/store/crash/disk.hpp"

namespace earshot::test {
namespace {

constexpr std::int64_t sector = 512;

/// One file under one name from its creation to its removal. Nothing of it is sure before its first sync.
struct Life {
  bool there = true;
  std::string synced = {};
  std::vector<const Event*> pending = {};
};

void put(std::string& content, std::int64_t offset, std::string_view bytes) {
  const auto end = static_cast<std::size_t>(offset) + bytes.size();
  if (content.size() < end) content.resize(end);
  std::ranges::copy(bytes, content.begin() + offset);
}

void apply(std::string& content, const Event& event) {
  if (event.kind == Event::Kind::truncate)
    content.resize(static_cast<std::size_t>(event.offset));
  else
    put(content, event.offset, event.bytes);
}

/// Sector by sector, each one kept or not.
void apply_some(std::string& content, const Event& event, std::bernoulli_distribution keep,
                std::mt19937_64& random) {
  if (event.kind == Event::Kind::truncate) {
    if (keep(random)) apply(content, event);
    return;
  }
  for (std::size_t from = 0; from < event.bytes.size();) {
    const auto offset = event.offset + static_cast<std::int64_t>(from);
    const auto size = std::min(static_cast<std::size_t>(sector - offset % sector), event.bytes.size() - from);
    if (keep(random)) put(content, offset, std::string_view(event.bytes).substr(from, size));
    from += size;
  }
}

/// Past the file's newest certain state.
void settle(std::vector<Life>& lives) { lives.erase(lives.begin(), lives.end() - 1); }

void follow(std::vector<Life>& lives, const Event& event) {
  auto& now = lives.back();
  switch (event.kind) {
    case Event::Kind::create: lives.emplace_back(); break;
    case Event::Kind::write:
    case Event::Kind::truncate: now.pending.push_back(&event); break;
    case Event::Kind::sync:
      for (const auto* pending : now.pending) apply(now.synced, *pending);
      now.pending.clear();
      settle(lives);
      break;
    case Event::Kind::remove:
      lives.push_back({.there = false});
      if (event.offset != 0) settle(lives);
      break;
    case Event::Kind::acknowledge: break;
  }
}

}  // namespace

Files after_power_cut(const Files& before, const std::vector<Event>& events, std::size_t at, Kept kept,
                      std::mt19937_64& random) {
  std::map<std::string, std::vector<Life>> files;
  for (const auto& [name, content] : before) files[name].push_back({.synced = content});
  for (std::size_t i = 0; i < at; ++i) {
    if (events[i].kind == Event::Kind::acknowledge) continue;
    auto& lives = files[events[i].file];
    if (lives.empty()) lives.push_back({.there = false});
    follow(lives, events[i]);
  }
  Files out;
  for (auto& [name, lives] : files) {
    auto chosen = kept == Kept::none ? 0 : lives.size() - 1;
    if (kept == Kept::some) chosen = random() % lives.size();
    auto& life = lives[chosen];
    // At times nearly everything is there, at times nearly nothing.
    const std::bernoulli_distribution keep(0.1 + 0.4 * static_cast<double>(random() % 3));
    for (const auto* pending : life.pending) {
      if (kept == Kept::all) apply(life.synced, *pending);
      if (kept == Kept::some) apply_some(life.synced, *pending, keep, random);
    }
    if (life.there) out.emplace(name, std::move(life.synced));
  }
  return out;
}

Files read_files(const std::string& folder) {
  Files out;
  if (folder.empty()) return out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    // Shared memory does not outlive the power, and the lock holds nothing.
    if (name.ends_with("-shm") || name.ends_with(".lock")) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    out[name].assign(std::istreambuf_iterator<char>(file), {});
  }
  return out;
}

void write_files(const std::string& folder, const Files& files) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) std::filesystem::remove(entry.path());
  for (const auto& [name, content] : files) {
    const auto path = std::filesystem::path(folder) / name;
    std::ofstream file(path, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    // The key of deleted posts is among them, and is refused when others may read it.
    std::filesystem::permissions(path,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
}

}  // namespace earshot::test
