#include "insight/memory.hpp"

#include "core/base/hash.hpp"

namespace earshot::insight {

std::uint64_t hash_of_names(const JobInput& input) {
  auto hash = hash64(input.brand_name);
  for (const auto* list : {&input.names, &input.competitors}) {
    hash = hash64("|", hash);
    for (const auto& name : *list) hash = hash64(name, hash);
  }
  return hash;
}

}  // namespace earshot::insight
