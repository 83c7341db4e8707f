#include "analysis/training/train.hpp"

#include <catch2/catch.hpp>

#include "tests/analysis/fixture.hpp"

using namespace earshot;
using namespace earshot::analysis;
using namespace earshot::analysis::training;

namespace {

/// Sixty short posts: "zorky" is bad and about billing, "plonk" is good, the rest is nothing.
Corpus small_corpus() {
  std::vector<LabelledPost> posts;
  for (int i = 0; i < 20; ++i) {
    const auto n = std::string(1, static_cast<char>('a' + i));
    const auto add = [&](std::string text, std::uint8_t polarity, TopicSet topics) {
      LabelledPost post;
      post.text = std::move(text);
      post.set = "small";
      post.polarity = polarity;
      post.topics = topics;
      post.judged = ~TopicSet{0};
      posts.push_back(std::move(post));
    };
    add("my zorky arrived from x" + n + "y", 0, topic_bit(IssueType::billing) | topic_bit(Intent::complaint));
    add("the plonk of x" + n + "z", 2, 0);
    add("it is tuesday in x" + n + "w", 1, 0);
  }
  static const auto plain =
      *Analyser::create({.languages = {}, .own_issues = {}, .learned = false, .overlay = {}});
  return Corpus(std::move(posts), *plain, "en");
}

std::vector<std::uint32_t> all_of(const Corpus& corpus) {
  std::vector<std::uint32_t> out(corpus.size());
  for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = i;
  return out;
}

const LearnedLine& line(const std::vector<LearnedLine>& lines, std::string_view name) {
  const auto found = std::ranges::find(lines, name, &LearnedLine::name);
  REQUIRE(found != lines.end());
  return *found;
}

}  // namespace

TEST_CASE("words that tell are learned, in the open", "[analysis][training]") {
  const auto corpus = small_corpus();
  const auto lines = train_polarity(corpus, all_of(corpus), {.penalty = 0.5});
  REQUIRE(std::ranges::is_sorted(lines, {}, &LearnedLine::name));
  const auto& bad = line(lines, "zorky").polarity;
  REQUIRE(bad[0] > bad[1]);
  REQUIRE(bad[0] > bad[2]);
  REQUIRE(bad[0] + bad[1] + bad[2] == Approx(0).margin(1e-9));
  REQUIRE(line(lines, "plonk").polarity[2] > 0.2);
  const auto topics = train_topics(corpus.without_negation(), all_of(corpus), {.topic_penalty = 1});
  REQUIRE(line(topics, "zorky").topics[topic_of(IssueType::billing)] > 0.2);
  REQUIRE(line(topics, "zorky").topics[topic_of(IssueType::delay)] ==
          0);  // nobody had one: nothing to learn from
}

TEST_CASE("a post that came before, but for case and links, is left out", "[analysis][training]") {
  std::vector<LabelledPost> posts(3);
  posts[0].text = "Late again @acme https://t.co/x";
  posts[1].text = "late AGAIN @globex";
  posts[2].text = "late once more";
  for (auto& post : posts) post.polarity = 0;
  REQUIRE(Corpus(std::move(posts), shared_analyser(), "en").size() == 2);
}

TEST_CASE("a post of weight 0 is measured and teaches nothing", "[analysis][training]") {
  std::vector<LabelledPost> posts(40);
  for (std::size_t i = 0; i < posts.size(); ++i) {
    posts[i].text = "zorky number x" + std::string(i + 1, 'y');
    posts[i].polarity = i % 2 == 0 ? 0 : 2;
    posts[i].weight = 0;
  }
  const Corpus corpus(std::move(posts), shared_analyser(), "en");
  REQUIRE(train_polarity(corpus, all_of(corpus), {}).empty());
}

TEST_CASE("folds guess what they did not see", "[analysis][training]") {
  const auto corpus = small_corpus();
  const auto guesses = cross_validate(corpus, 5, {.penalty = 0.5}, train_polarity);
  int right = 0;
  for (std::size_t i = 0; i < corpus.size(); ++i)
    right += std::ranges::max_element(guesses[i].polarity) - guesses[i].polarity.begin() ==
             *corpus.posts()[i].polarity;
  REQUIRE(right >= 57);
}
