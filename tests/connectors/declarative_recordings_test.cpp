// Recorded traffic of the platforms that are files: where it lies beside the checkout, nothing crashes, and
// the fields come out as often as the platforms fill them.
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <regex>

#include "connectors/connector.hpp"
#include "core/base/utf8.hpp"
#include "tests/support/recordings.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const Timestamp now = from_ms(1'800'000'000'000);

struct Floors {
  const char* platform;
  const char* set;  ///< folder of the recordings
  const char* endpoints;
  std::size_t mentions;
  double author, url, reply, text;
};

struct Rates {
  Rate id, text, author, created_at, url, reply;
  std::size_t pages = 0;
  std::map<std::string, int> errors, bad;

  void add(const Result<Page>& page) {
    if (!page) {
      ++errors[page.error().message];
      return;
    }
    ++pages;
    for (const auto& item : page->bad_items) ++bad[item.reason];
    for (const auto& mention : page->mentions) {
      REQUIRE(utf8::is_valid(mention.text));
      id.add(!mention.native_id.empty());
      text.add(!mention.text.empty() || mention.deleted);
      author.add(!mention.author.id.empty() || mention.deleted);
      created_at.add(mention.created_at != mention.fetched_at);
      url.add(!mention.url.empty());
      reply.add(!mention.in_reply_to.empty());
    }
  }

  void print(const char* title) const {
    std::cout << title << ": " << pages << " pages, " << id.asked << " mentions\n"
              << show("id", id) << show("text", text) << show("author", author)
              << show("created_at", created_at) << show("url", url) << show("in_reply_to", reply);
    for (const auto& [reason, count] : bad) std::cout << "  bad: " << reason << " x" << count << "\n";
    for (const auto& [reason, count] : errors) std::cout << "  error: " << reason << " x" << count << "\n";
  }
};

}  // namespace

TEST_CASE("recorded traffic of declared platforms parses at its hit rates",
          "[connectors][recordings][declarative]") {
  const Floors table[] = {
      {"discourse", "discourse", "/posts.json|/t/[0-9]+.json", 100, 100, 100, 50, 100},
      {"reddit", "reddit", "/(new|search|comments)/?([?]|$)|/user/[^/]+/(submitted|comments|overview)", 1000,
       100, 100, 40, 50},
      {"github", "github", "/issues(/comments)?([?]|$)", 500, 99, 100, 15, 80},
      {"youtube", "youtube", "/commentThreads", 400, 99, 99, 0, 100},
      {"x", "x", "/tweets([?]|$)|/search/(recent|all)|/mentions|/quote_tweets|/timelines/", 150, 5, 100, 1,
       100},
      {"zendesk", "zendesk", "/incremental/tickets/cursor", 100, 100, 100, 0, 100},
      {"freshdesk", "freshdesk", "/tickets([?]|$)|/tickets/1$", 2, 100, 100, 0, 100},
      {"stack_exchange", "stackexchange", "/questions", 0, 100, 0, 0, 0},
      {"slack", "slack", "/conversations.history", 5, 80, 0, 0, 100},
      {"telegram", "telegram", "/getUpdates", 1, 100, 0, 0, 100},
      {"wordpress", "wordpress", "comments", 10, 100, 100, 0, 100},
      {"facebook", "facebook", "/feed|/comments", 30, 0, 100, 0, 100},
      {"instagram", "instagram", "/(recent_media|tags|comments|replies|media)([?]|$)", 3, 0, 0, 0, 100},
      {"discord", "_docs/discord", "/messages", 1, 100, 100, 0, 100},
  };
  bool any = false;
  for (const auto& floors : table) {
    const auto* spec = connectors::find_connector(floors.platform);
    REQUIRE(spec != nullptr);
    const std::regex endpoints(floors.endpoints);
    Rates rates;
    any = for_each_recording(floors.set,
                             [&](const Recording& record) {
                               const auto page = spec->parse(record.url, record.body, now);
                               if (!page) REQUIRE_FALSE(page.error().message.empty());
                               if (record.status == 200 && std::regex_search(record.url, endpoints))
                                 rates.add(page);
                             }) ||
          any;
    rates.print(floors.platform);
    if (rates.pages == 0) continue;  // this set is not there
    CAPTURE(floors.platform);
    CHECK(rates.id.asked >= floors.mentions);
    CHECK(rates.id.percent() == 100);
    CHECK(rates.text.percent() >= floors.text);
    CHECK(rates.author.percent() >= floors.author);
    // Times come from the platform, but where it was asked for none.
    if (std::string_view(floors.platform) != "instagram") CHECK(rates.created_at.percent() == 100);
    CHECK(rates.url.percent() >= floors.url);
    CHECK(rates.reply.percent() >= floors.reply);
  }
  if (!any) WARN("no recordings beside the checkout: skipped");
}
