#include "insight/memory.hpp"

#include "core/base/hash.hpp"

namespace earshot::insight {

void forget_beyond(Memory& memory, std::size_t mentions_max) {
  std::size_t held = 0;
  for (const auto& [at, day] : memory.days) held += day.rows.size();
  while (held > mentions_max) {
    held -= memory.days.begin()->second.rows.size();
    memory.days.erase(memory.days.begin());
  }
}

std::uint64_t hash_of_names(const JobInput& input) {
  auto hash = hash64(input.brand_name);
  for (const auto* list : {&input.names, &input.competitors}) {
    hash = hash64("|", hash);
    for (const auto& name : *list) hash = hash64(name, hash);
  }
  return hash;
}

}  // namespace earshot::insight
