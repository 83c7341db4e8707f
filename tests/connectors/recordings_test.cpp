// Real traffic, where it lies beside the checkout: nothing crashes, every page parses or names its error, and the
// fields come out as often as the platforms fill them.
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <regex>

#include "connectors/connector.hpp"
#include "connectors/feed/feed_document.hpp"
#include "core/base/html_text.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/utf8.hpp"
#include "tests/support/recordings.hpp"

using namespace earshot;
using namespace earshot::test;

namespace {

const Timestamp now = from_ms(1'800'000'000'000);

struct FieldRates {
  Rate id, text, author, created_at, url, reply, lang;
  std::size_t pages = 0, named_errors = 0, bad_items = 0;
  std::map<std::string, int> reasons;

  void add(const Result<Page>& page) {
    if (!page) {
      ++named_errors;
      REQUIRE_FALSE(page.error().message.empty());
      return;
    }
    ++pages;
    bad_items += page->bad_items.size();
    for (const auto& bad : page->bad_items) ++reasons[bad.reason];
    for (const auto& mention : page->mentions) {
      REQUIRE(utf8::is_valid(mention.text));
      id.add(!mention.native_id.empty());
      text.add(!mention.text.empty());
      author.add(!mention.author.id.empty() && !mention.author.handle.empty());
      created_at.add(mention.created_at != mention.fetched_at);
      url.add(!mention.url.empty());
      reply.add(!mention.in_reply_to.empty());
      lang.add(!mention.lang.empty());
    }
  }

  void print(const char* title) const {
    std::cout << title << ": " << pages << " pages, " << named_errors << " named errors, " << id.asked << " mentions, " << bad_items << " bad items\n"
              << show("id", id) << show("text", text) << show("author", author) << show("created_at", created_at) << show("url", url)
              << show("in_reply_to", reply) << show("lang", lang);
    for (const auto& [reason, count] : reasons) std::cout << "  bad: " << reason << " x" << count << "\n";
  }
};

/// Runs a set through its connector's parse. Rates are those of complete recordings of endpoints that serve posts.
bool run_set(const char* connector, const std::regex& endpoints, FieldRates& rates) {
  const auto* spec = connectors::find_connector(connector);
  return for_each_recording(connector, [&](const Recording& record) {
    const auto page = spec->parse(record.url, record.body, now);
    if (!page) REQUIRE_FALSE(page.error().message.empty());
    if (record.status == 200 && !record.file.starts_with("bodyonly") && std::regex_search(record.url, endpoints)) rates.add(page);
  });
}

std::string plain(std::string_view text) {
  auto out = squeeze_space(looks_like_html(text) ? html_to_text(text).text : std::string(text));
  if (looks_like_html(out)) out = squeeze_space(html_to_text(out).text);
  std::erase(out, ' ');
  std::erase(out, '\n');
  return out;
}

struct FeedRates {
  Rate title, link, id, date, content;
  std::vector<std::string> misses;

  void compare(Rate& rate, const char* what, bool agrees, const std::string& source, std::string_view ours, std::string_view theirs) {
    rate.add(agrees);
    if (!agrees) misses.push_back(std::string(what) + " " + source.substr(source.find(':') + 1) + "  ours=" + quote_printable(ours.substr(0, 70)) + " theirs=" + quote_printable(theirs.substr(0, 70)));
  }
  void print(const char* name) const {
    std::cout << name << "\n" << show("title", title) << show("link", link) << show("id", id) << show("date", date) << show("content", content);
    if (std::getenv("EARSHOT_SHOW_MISSES") != nullptr)
      for (const auto& miss : misses) std::cout << "  miss " << miss << "\n";
  }
};

std::string_view string_in(connectors::JsonValue value) {
  for (const auto* key : {"value", "content", "body", "href"})
    if (value.is_object() && value[key].is_string()) return value[key].text();
  return value.text();
}

std::string content_of(const connectors::feed::Entry& entry) { return entry.content.empty() ? entry.summary : entry.content; }

void compare_entry(const connectors::feed::Entry& ours, connectors::JsonValue theirs, const Recording& record, FeedRates& rates) {
  const auto title = string_in(theirs["title"]);
  if (!title.empty()) rates.compare(rates.title, "title", plain(ours.title) == plain(title), record.source, ours.title, title);
  auto link = theirs["link"].text();
  if (link.empty())
    for (const auto item : theirs["links"]) {
      const auto rel = item["rel"].text();
      const auto href = item.is_string() ? item.text() : item["href"].text();
      if (link.empty() && !href.empty() && (rel.empty() || rel == "alternate")) link = href;
    }
  if (!link.empty()) {
    // Some oracles leave links as written, we resolve them.
    const bool agrees = ours.link == link || (link.find("://") == std::string_view::npos && ours.link.ends_with(link.substr(link.find_first_not_of("./")  == std::string_view::npos ? 0 : link.find_first_not_of("./"))));
    bool among = agrees;
    for (const auto item : theirs["links"]) among = among || ours.link == (item.is_string() ? item.text() : item["href"].text());
    rates.compare(rates.link, "link", among, record.source, ours.link, link);
  }
  const auto id = theirs["id"] ? theirs["id"].text() : string_in(theirs["guid"]);
  if (!id.empty() && record.body.find(id) != std::string::npos && record.body.find(std::string(id) + "</link>") == std::string::npos)
    rates.compare(rates.id, "id", ours.id == id || ours.link == id, record.source, ours.id, id);
  std::optional<Timestamp> date;
  for (const auto* key : {"publishedParsed", "pubDateParsed", "published", "updatedParsed", "updated"})
    if (!date && theirs[key].is_string()) date = parse_rfc3339(theirs[key].text());
  if (date) {
    const bool agrees = (ours.published && std::chrono::abs(*ours.published - *date) < std::chrono::seconds(1)) ||
                        (ours.updated && std::chrono::abs(*ours.updated - *date) < std::chrono::seconds(1));
    rates.compare(rates.date, "date", agrees, record.source, ours.published ? format_rfc3339(*ours.published) : ours.raw_dates, format_rfc3339(*date));
  }
  const auto content = string_in(theirs["content"]);
  if (!content.empty()) rates.compare(rates.content, "content", plain(content_of(ours)) == plain(content), record.source, content_of(ours), content);
}

std::string python_string(std::string_view literal) {
  std::string json;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] == '\\' && i + 3 < literal.size() && literal[i + 1] == 'x') {
      json += "\\u00" + std::string(literal.substr(i + 2, 2));
      i += 3;
    } else if (literal[i] == '\\' && i + 1 < literal.size() && literal[i + 1] == '\'') {
      json += "'";
      ++i;
    } else {
      json.push_back(literal[i]);
    }
  }
  std::string out;
  connectors::decode_json_string(json, out);
  return out;
}

void compare_assertion(const connectors::feed::Document& document, const Recording& record, FeedRates& rates) {
  static const std::regex text_form(R"(entries\[0\](?:\.|\[['"])(title|link|id|guid|summary|description)(?:['"]\])? == u?(['"])([\s\S]*)\2)");
  static const std::regex date_form(R"(entries\[0\](?:\.|\[['"])(published|updated|created)_parsed(?:['"]\])? == \((\d+), (\d+), (\d+), (\d+), (\d+), (\d+))");
  std::smatch found;
  const auto* entry = document.entries.empty() ? nullptr : &document.entries.front();
  if (std::regex_search(record.expect, found, date_form)) {
    const auto days = days_from_date(std::stoi(found[2]), std::stoi(found[3]), std::stoi(found[4]));
    const auto at = from_ms((*days * 86'400 + std::stoi(found[5]) * 3600 + std::stoi(found[6]) * 60 + std::stoi(found[7])) * 1000);
    const bool agrees = entry != nullptr && ((entry->published && std::chrono::floor<std::chrono::seconds>(*entry->published) == at) || (entry->updated && std::chrono::floor<std::chrono::seconds>(*entry->updated) == at));
    rates.compare(rates.date, "date", agrees, record.source, entry != nullptr ? entry->raw_dates : "", format_rfc3339(at));
    return;
  }
  if (!std::regex_search(record.expect, found, text_form)) return;
  const auto key = found[1].str();
  const auto value = python_string(found[3].str());
  if (value.find("127.0.0.1:8097") != std::string::npos) return;  // relative to where the oracle's server ran
  if (key == "title") rates.compare(rates.title, "title", entry != nullptr && plain(entry->title) == plain(value), record.source, entry != nullptr ? entry->title : "(none)", value);
  else if (key == "link") rates.compare(rates.link, "link", entry != nullptr && entry->link == value, record.source, entry != nullptr ? entry->link : "(none)", value);
  else if (key == "id" || key == "guid") rates.compare(rates.id, "id", entry != nullptr && entry->id == value, record.source, entry != nullptr ? entry->id : "(none)", value);
  else {
    const bool agrees = entry != nullptr && (plain(entry->summary) == plain(value) || plain(content_of(*entry)) == plain(value));
    rates.compare(rates.content, "content", agrees, record.source, entry != nullptr ? entry->summary : "(none)", value);
  }
}

}  // namespace

TEST_CASE("recorded Mastodon traffic parses at its hit rates", "[connectors][recordings]") {
  FieldRates rates;
  if (!run_set("mastodon", std::regex("/timelines/|/statuses(/[0-9a-zA-Z]+)?(/context)?([?]|$)|/notifications([?]|$)|/v2/search"), rates)) {
    WARN("no recordings beside the checkout: skipped");
    return;
  }
  rates.print("mastodon recordings");
  CHECK(rates.id.percent() == 100);
  CHECK(rates.text.percent() == 100);
  CHECK(rates.author.percent() == 100);
  CHECK(rates.created_at.percent() == 100);
  CHECK(rates.url.percent() == 100);
  CHECK(rates.reply.percent() >= 10);
}

TEST_CASE("recorded Bluesky traffic parses at its hit rates", "[connectors][recordings]") {
  FieldRates rates;
  if (!run_set("bluesky", std::regex("app.bsky.feed.(search|getAuthor|getTime|getFeed|getList|getPost)"), rates)) {
    WARN("no recordings beside the checkout: skipped");
    return;
  }
  rates.print("bluesky recordings");
  CHECK(rates.id.percent() == 100);
  CHECK(rates.text.percent() == 100);
  CHECK(rates.author.percent() == 100);
  CHECK(rates.created_at.percent() == 100);
  CHECK(rates.url.percent() == 100);
  CHECK(rates.reply.percent() >= 11);
}

TEST_CASE("documented Hacker News items parse", "[connectors][recordings]") {
  const auto* spec = connectors::find_connector("hacker_news");
  FieldRates rates;
  const bool there = for_each_recording("_docs/hackernews", [&](const Recording& record) {
    if (record.url.find("/item/") != std::string::npos) rates.add(spec->parse(record.url, record.body, now));
  });
  if (!there) {
    WARN("no recordings beside the checkout: skipped");
    return;
  }
  rates.print("hacker_news documentation");
  CHECK(rates.named_errors == 0);
}

TEST_CASE("recorded feeds agree with three other readers", "[connectors][recordings]") {
  FeedRates gofeed, feed_rs, feedparser;
  std::map<std::string, Rate> parsed;
  const bool there = for_each_recording("feeds", [&](const Recording& record) {
    const auto document = connectors::feed::read_document(record.body, record.content_type, record.url);
    (void)connectors::find_connector("feed")->parse(record.url, record.body, now).has_value();
    parsed[record.file].add(document.has_value());
    if (!document) {
      REQUIRE_FALSE(document.error().message.empty());
      if (std::getenv("EARSHOT_SHOW_MISSES") != nullptr) std::cout << "  unread " << record.source << ": " << document.error().message << "\n";
    }
    static const connectors::feed::Document nothing;
    const auto& read = document ? *document : nothing;
    if (record.file.starts_with("feedparser-wellformed")) compare_assertion(read, record, feedparser);
    const auto expected = record.line["expected_json"];
    if (!expected.is_object()) return;
    auto& rates = record.file.starts_with("gofeed") ? gofeed : feed_rs;
    const auto theirs = expected["items"].is_array() ? expected["items"] : expected["entries"];
    std::size_t at = 0;
    for (const auto entry : theirs) {
      static const connectors::feed::Entry empty;
      compare_entry(at < read.entries.size() ? read.entries[at] : empty, entry, record, rates);
      ++at;
    }
  });
  if (!there) {
    WARN("no recordings beside the checkout: skipped");
    return;
  }
  for (const auto& [file, rate] : parsed) std::cout << show(file.c_str(), rate);
  gofeed.print("gofeed agreement");
  feed_rs.print("feed-rs agreement");
  feedparser.print("feedparser agreement (well-formed)");
  for (const auto* rates : {&gofeed, &feed_rs, &feedparser}) {
    CHECK(rates->title.percent() >= 95);
    CHECK(rates->link.percent() >= 95);
    CHECK((rates->date.percent() >= 95 || rates->date.asked - rates->date.hits <= 1));
  }
}

TEST_CASE("JSONTestSuite never crashes, and what must be accepted is", "[connectors][recordings]") {
  Rate accepted, rejected;
  const bool there = for_each_recording("json-conformance", [&](const Recording& record) {
    const auto read = connectors::parse_json(record.body);
    for (const auto* spec : connectors::catalog()) (void)spec->parse("https://a.example/", record.body, now).has_value();
    if (record.expect == "accept") accepted.add(read.has_value());
    if (record.expect == "reject") rejected.add(!read.has_value());
  });
  if (!there) {
    WARN("no recordings beside the checkout: skipped");
    return;
  }
  std::cout << "JSONTestSuite\n" << show("accepted", accepted) << show("rejected", rejected);
  CHECK(accepted.percent() == 100);
}
