#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/declarative/page_reader.hpp"
#include "core/base/json_writer.hpp"
#include "net/http_types.hpp"

namespace earshot::connectors::declarative {

/// What one reply brought, and what the file says of its pages.
struct Arrival {
  ReadPage& read;
  const PageSpec& spec;
  const Scope& scope;
  const net::HttpReply& reply;
  const std::string& base;  ///< of the source: pages on other servers are not followed
  Timestamp now;

  bool stops() const { return any_holds(spec.stop, scope); }
  /// The platform's own word on whether there is more; yes where the file knows none.
  bool says_more() const;
  /// When the last of what it brought was written; now, where that is not known.
  Timestamp last_at() const { return read.last_at.value_or(now); }
  void gap(Timestamp from, Timestamp to, const char* reason) const {
    read.page.gaps.push_back({from, to, reason});
  }
};

/// Where a request stands among the pages of its answer.
struct Paging {
  std::string page;          ///< token, number, address or id of the page to ask for; empty: the first
  std::string previous;      ///< fingerprint of the page before
  std::int64_t pages = 0;    ///< that came of this question
  std::int64_t repeats = 0;  ///< pages in a row that were the one before again

  static Paging read(JsonValue object);
  /// As members of the object that is being written.
  void write(JsonWriter& out) const;
  /// `page` as templates may name it.
  void provide(const PageSpec& spec, Variables& variables) const;

  /// Whether a page is the one before once more, perhaps from a cache: that is no end. It is asked for again
  /// a few times; `stuck` is a server that keeps to it.
  enum class Repeat { no, ask_again, stuck };
  Repeat repeated(const Arrival& arrival);

  struct Next {
    std::string page;        ///< empty: there is none
    bool elsewhere = false;  ///< there is one, but on another server
  };
  /// `top` is the id at which windows over ids end.
  Next next(const Arrival& arrival, std::string_view top) const;
  void go_on(std::string next, const Arrival& arrival);
  /// The next page is the first of another question.
  void begin_anew(const Arrival& arrival);
};

/// The number that a text begins with; 0: none.
std::int64_t whole_number(std::string_view text);

/// A time as a server wants it asked, rounded down to what the format can say.
std::string format_time(std::int64_t ms, TimeFormat format);

/// Ids that are numbers may be sent increased by one, for servers that count from the cursor inclusively.
std::string increased(const std::string& id, std::int64_t by);

}  // namespace earshot::connectors::declarative
