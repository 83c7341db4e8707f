#include "analysis/people/dialogue.hpp"

#include <map>
#include <unordered_map>

namespace earshot::analysis {
namespace {

/// The parts of one reply that are looked through to find whom it is for; a loop in hostile data ends here.
constexpr int parts_max = 16;

class Threads {
 public:
  explicit Threads(std::span<const Contact> contacts) : contacts_(contacts), thread_(contacts.size()) {
    index_.reserve(contacts.size());
    for (std::size_t i = 0; i < contacts.size(); ++i) {
      const auto& contact = contacts[i];
      if (contact.post != 0) index_.emplace(contact.post, i);
      thread_[i] = contact.thread != 0 ? contact.thread : contact.parent != 0 ? contact.parent : contact.post;
      // Parents come before: their threads are known by now.
      if (const auto parent = find(contact.parent); contact.thread == 0 && parent && *parent < i)
        thread_[i] = thread_[*parent];
    }
  }

  std::optional<std::size_t> find(std::uint64_t post) const {
    const auto found = post == 0 ? index_.end() : index_.find(post);
    return found == index_.end() ? std::nullopt : std::optional(found->second);
  }
  std::uint64_t of(std::size_t contact) const { return thread_[contact]; }

  /// The post of somebody else that an own post replies to.
  std::optional<std::size_t> addressee(std::size_t own) const {
    auto parent = find(contacts_[own].parent);
    for (int part = 0; parent && contacts_[*parent].own && part < parts_max; ++part)
      parent = find(contacts_[*parent].parent);
    return parent && !contacts_[*parent].own ? parent : std::nullopt;
  }

 private:
  std::span<const Contact> contacts_;
  std::vector<std::uint64_t> thread_;
  std::unordered_map<std::uint64_t, std::size_t> index_;
};

}  // namespace

std::vector<Answer> find_answers(std::span<const Contact> contacts) {
  std::vector<Answer> answers(contacts.size());
  const Threads threads(contacts);
  // What one person wrote in one thread and nobody has answered yet.
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<std::size_t>> waiting;
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    const auto& contact = contacts[i];
    if (contact.own) {
      const auto to = threads.addressee(i);
      if (!to || *to > i) continue;
      if (!answers[*to].own) answers[*to].own = i;
      auto& open = waiting[{contacts[*to].author, threads.of(*to)}];
      for (const auto earlier : open)
        if (!answers[earlier].own) answers[earlier].own = i;
      open.clear();
      continue;
    }
    if (contact.author == 0) continue;
    auto& open = waiting[{contact.author, threads.of(i)}];
    if (contact.thankful && !contact.wants) {
      for (const auto earlier : open) answers[earlier].settled = i;
      open.clear();
    }
    open.push_back(i);
  }
  return answers;
}

std::vector<std::uint64_t> thread_ids(std::span<const Contact> contacts) {
  const Threads threads(contacts);
  std::vector<std::uint64_t> out(contacts.size());
  for (std::size_t i = 0; i < contacts.size(); ++i) out[i] = threads.of(i);
  return out;
}

}  // namespace earshot::analysis
