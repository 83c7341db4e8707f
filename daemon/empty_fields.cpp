#include "daemon/empty_fields.hpp"

namespace earshot::daemon {

EmptyFields count_empty_fields(std::span<const Mention> mentions) {
  EmptyFields out;
  for (const auto& mention : mentions) {
    if (mention.deleted) continue;
    ++out.items;
    const bool empty[] = {mention.text.empty() && mention.title.empty(),
                          mention.author.id.empty() && mention.author.handle.empty(), mention.url.empty(),
                          // Where no time could be read, that of the fetch stands for it.
                          mention.created_at == mention.fetched_at};
    for (std::size_t i = 0; i < out.empty.size(); ++i) out.empty[i] += empty[i] ? 1 : 0;
  }
  return out;
}

}  // namespace earshot::daemon
