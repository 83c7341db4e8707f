#pragma once
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_http_client.hpp"
#include "tests/support/run_coro.hpp"

namespace earshot::test {

inline connectors::Settings settings_of(std::vector<std::pair<std::string, connectors::Setting>> items) {
  connectors::Settings settings;
  for (auto& [key, setting] : items) settings.set(std::move(key), std::move(setting));
  return settings;
}

inline std::unique_ptr<connectors::Connector> make_connector(std::string_view name, const connectors::Settings& settings) {
  connectors::ConnectorInput input{"test", settings, {}};
  auto made = connectors::find_connector(name)->make(input);
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

inline Result<Page> fetch_once(connectors::Connector& connector, FakeHttpClient& http, const Clock& clock,
                               const connectors::Stream& stream, std::optional<Cursor> cursor) {
  connectors::Context context{http, clock};
  return run_coro(connector.fetch(context, stream, std::move(cursor)));
}

/// What a run stored: ids to text, the last committed cursor, and how many pages it took.
struct Run {
  std::set<std::string> ids;
  std::optional<Cursor> cursor;
  std::size_t pages = 0;
  std::size_t bad = 0;
  std::vector<Gap> gaps;
  std::optional<Error> error;
};

/// Polls until nothing more is at hand, committing each page. With `lose_page`, that page is fetched but lost before it
/// is committed, and a new connector takes over from the last cursor: a crash.
inline Run poll(std::string_view name, const connectors::Settings& settings, FakeHttpClient& http, const Clock& clock,
                Run run = {}, std::size_t lose_page = SIZE_MAX, std::size_t pages_max = 500) {
  auto connector = make_connector(name, settings);
  auto stream = connector->streams().at(0);
  const auto first = run.pages;
  for (std::size_t fetched = 0; fetched < pages_max; ++fetched) {
    auto page = fetch_once(*connector, http, clock, stream, run.cursor);
    if (!page) {
      run.error = page.error();
      return run;
    }
    if (fetched == lose_page) {
      connector = make_connector(name, settings);
      continue;
    }
    ++run.pages;
    for (const auto& mention : page->mentions) run.ids.insert(mention.native_id);
    run.bad += page->bad_items.size();
    run.gaps.insert(run.gaps.end(), page->gaps.begin(), page->gaps.end());
    if (page->cursor) run.cursor = page->cursor;
    if (!page->more) return run;
  }
  run.error = Error{ErrorKind::internal, "never ended after " + std::to_string(run.pages - first) + " pages"};
  return run;
}

}  // namespace earshot::test
