#include "analysis/content/question_clusters.hpp"

#include <catch2/catch.hpp>

#include <chrono>

#include "analysis/content/sparse_clusters.hpp"

using namespace earshot::analysis;

namespace {

std::vector<Question> questions(const std::vector<std::string>& texts) {
  std::vector<Question> out;
  for (const auto& text : texts) out.push_back({.text = text, .lang = "en"});
  return out;
}

const std::vector<std::string> asked = {
    "how do I export my Fernwave invoices as CSV? my accountant hates pdf",
    "Where's the CSV button for invoices, Fernwave? I swear there was one",
    "can the app spit out billing data as csv or do i really have to type it off",
    "does Fernwave have a csv download for bills. asking for my very impatient accountant",
    "how do I change the wifi password on the Hub?",
    "what is the way to set a new wlan key on a Fernwave router",
    "Can the wireless password be changed in the app or only in the browser thing?",
    "when will Fernwave fibre come to my street?",
    "is there a map of the rollout that shows when fibre is available in my street",
};

}  // namespace

TEST_CASE("wordings of one question meet, others stay apart", "[analysis][content]") {
  const auto list = questions(asked);
  const auto clusters = cluster_questions(list, {.names = {"Fernwave", "Hub"}});
  REQUIRE(clusters.size() >= 3);
  auto first = clusters[0].members;
  std::ranges::sort(first);
  CHECK(first == std::vector<std::size_t>{0, 1, 2, 3});
  auto second = clusters[1].members;
  std::ranges::sort(second);
  CHECK(second == std::vector<std::size_t>{4, 5, 6});
  CHECK(clusters[0].label.find("CSV") != std::string::npos);
  CHECK(clusters[0].label.back() == '?');
  CHECK(std::ranges::find(clusters[0].terms, "=invoice") != clusters[0].terms.end());
  CHECK(clusters[0].terms.size() == clusters[0].words.size());
  CHECK(clusters[0].cohesion > 0.2);
}

TEST_CASE("the outcome does not depend on the run", "[analysis][content]") {
  const auto list = questions(asked);
  const auto once = cluster_questions(list, {}), again = cluster_questions(list, {});
  REQUIRE(once.size() == again.size());
  for (std::size_t i = 0; i < once.size(); ++i) CHECK(once[i].members == again[i].members);
}

TEST_CASE("languages do not meet, and nothing to say makes no cluster", "[analysis][content]") {
  std::vector<Question> list = {{.text = "router password?", .lang = "en"},
                                {.text = "router password?", .lang = "de"},
                                {.text = "router password?", .lang = ""},
                                {.text = "router password?", .lang = "de"},
                                {.text = "how?"},
                                {.text = ""}};
  const auto clusters = cluster_questions(list, {});
  REQUIRE(clusters.size() == 2);
  CHECK(clusters[0].members == std::vector<std::size_t>{0, 2});
  CHECK(clusters[1].members == std::vector<std::size_t>{1, 3});
  CHECK(cluster_questions({}, {}).empty());
}

TEST_CASE("signatures that recur do not bring questions together", "[analysis][content]") {
  std::vector<std::string> texts;
  const char* topics[] = {"wifi password", "invoice csv",  "esim phone",
                          "bridge ipv6",   "luggage seat", "refund discount"};
  for (const auto* topic : topics)
    for (int i = 0; i < 2; ++i)
      texts.push_back(std::string("how about the ") + topic +
                      "? Written from my grandmother's typewriter machine.");
  const auto list = questions(texts);
  for (const auto& cluster : cluster_questions(list, {})) CHECK(cluster.members.size() == 2);
}

TEST_CASE("average link joins by the mean, not by one bridge", "[analysis][content]") {
  // 0–1 and 2–3 are alike; 1 and 2 share one term of three.
  std::vector<SparseVector> vectors = {
      {{0, 1}, {1, 1}}, {{0, 1}, {1, 1}, {2, 1}}, {{2, 1}, {3, 1}, {4, 1}}, {{3, 1}, {4, 1}}, {}, {}};
  for (auto& vector : vectors) normalise(vector);
  const auto clusters = cluster(vectors, 0.3);
  std::vector<std::vector<std::size_t>> members;
  for (const auto& c : clusters) members.push_back(c.members);
  CHECK(members == std::vector<std::vector<std::size_t>>{{4}, {5}, {0, 1}, {2, 3}});
}

TEST_CASE("ten thousand questions are clustered within seconds", "[analysis][content]") {
  // Each of five words out of 3,000, the common ones more often, as in people's texts.
  std::vector<std::string> texts;
  std::uint64_t state = 1;
  for (int i = 0; i < 10'000; ++i) {
    std::string text = "how about";
    for (int k = 0; k < 5; ++k) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      const double u = static_cast<double>(state >> 40) / static_cast<double>(1 << 24);
      int word = static_cast<int>(3000 * u * u * u);
      text += " w";
      for (; word > 0; word /= 20) text.push_back(static_cast<char>('f' + word % 20));
    }
    texts.push_back(text + "?");
  }
  const auto list = questions(texts);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(cluster_questions(list, {}).size() > 100);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}
