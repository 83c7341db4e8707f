#include "analysis/people/reply_graph.hpp"

#include <optional>
#include <unordered_map>

namespace earshot::analysis {
namespace {

class Posts {
 public:
  explicit Posts(std::span<const Utterance> posts) {
    index_.reserve(posts.size());
    for (std::size_t i = 0; i < posts.size(); ++i)
      if (posts[i].post != 0) index_.emplace(posts[i].post, i);
  }
  std::optional<std::size_t> find(std::uint64_t post) const {
    const auto found = post == 0 ? index_.end() : index_.find(post);
    return found == index_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::unordered_map<std::uint64_t, std::size_t> index_;
};

bool by_two(const Utterance& a, const Utterance& b) {
  return a.author != 0 && b.author != 0 && a.author != b.author && !a.own && !b.own;
}

}  // namespace

std::vector<Defence> find_defences(std::span<const Utterance> posts) {
  const Posts index(posts);
  std::vector<Defence> out;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    const auto& reply = posts[i];
    if (!reply.takes_part || reply.negative || reply.own) continue;
    auto target = index.find(reply.parent);
    if (!target && reply.thread != reply.post) target = index.find(reply.thread);
    if (target && *target != i && posts[*target].negative && by_two(reply, posts[*target]))
      out.push_back({.reply = i, .target = *target});
  }
  return out;
}

std::vector<PeerAnswer> find_peer_answers(std::span<const Utterance> posts) {
  const Posts index(posts);
  std::vector<PeerAnswer> out;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    if (!posts[i].thanks || posts[i].own) continue;
    const auto answer = index.find(posts[i].parent);
    if (!answer || !by_two(posts[i], posts[*answer])) continue;
    auto question = index.find(posts[*answer].parent);
    if (!question) question = index.find(posts[*answer].thread);
    if (question && *question != *answer && posts[*question].asks &&
        posts[*question].author == posts[i].author)
      out.push_back({.question = *question, .answer = *answer, .thanks = i});
  }
  return out;
}

}  // namespace earshot::analysis
