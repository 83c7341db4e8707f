#include "analysis/people/matter.hpp"

#include <catch2/catch.hpp>

#include "analysis/text/tokenizer.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

constexpr std::uint64_t bit(IssueType type) { return std::uint64_t{1} << static_cast<unsigned>(type); }

/// A history in which everybody speaks of the router.
WordCounts history() {
  WordCounts out;
  const Tokenizer tokenizer;
  TokenBuffer buffer;
  for (int i = 0; i < 1000; ++i) {
    tokenizer.tokenize("my router from Fernwave", buffer);
    out.add(buffer.tokens());
  }
  tokenizer.tokenize("the refund is late", buffer);
  out.add(buffer.tokens());
  return out;
}

bool same(std::string_view happy, std::string_view complaint, std::string_view reply,
          std::uint64_t happy_issues = 0, std::uint64_t issues = 0) {
  static const auto counts = history();
  TermReader terms({"Fernwave"});
  if (same_issue(happy_issues, issues)) return true;
  const auto said = matter_words(complaint, terms), replied = matter_words(reply, terms);
  const MatterWords* const complaints[] = {&said};
  const MatterWords* const replies[] = {&replied};
  return same_words(matter_words(happy, terms), complaints, replies, counts);
}

}  // namespace

TEST_CASE("happy words are of the same matter when something joins them", "[analysis][people][matter]") {
  CHECK(same("refund is here, great", "where is my refund", ""));
  CHECK(same("pods arrived, lovely", "wifi is bad", "Two pods are on the way"));
  CHECK(same("Marco is my hero", "no ping", "Let's look at it. ^Marco Fernwave"));
  CHECK(same("so good now", "too dear", "", bit(IssueType::billing), bit(IssueType::billing)));
}

TEST_CASE("praise of something else is not", "[analysis][people][matter]") {
  CHECK_FALSE(same("roaming on the ferry was perfect", "where is my refund", "Sorry. ^Noor"));
  // What everybody writes joins nobody.
  CHECK_FALSE(same("love this router", "the router is rude", ""));
  CHECK_FALSE(same("great", "too dear", "", bit(IssueType::praise) | bit(IssueType::other),
                   bit(IssueType::praise) | bit(IssueType::other)));
  CHECK_FALSE(same("", "", ""));
}

TEST_CASE("replies are signed by names", "[analysis][people][matter]") {
  CHECK(signers("Sorry! ^Noor, Fernwave") == std::vector<std::string>{"noor"});
  CHECK(signers("^Élodie @ Fernwave").size() == 1);
  CHECK(signers("see you ^K").empty());
  CHECK(signers("^^ this").empty());
}
