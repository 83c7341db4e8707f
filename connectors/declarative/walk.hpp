#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/declarative/follow_ups.hpp"
#include "connectors/declarative/paging.hpp"

namespace earshot::connectors::declarative {

struct WalkLimits {
  std::int64_t history_days = 7;
  std::int64_t pages_max = 50;
};

/// Where one stream stands, for all kinds of cursors. Between polls `top` alone counts: everything up to it
/// was heard. A walk over several pages keeps its aim (`pending`) and its place (`page`) beside it and moves
/// `top` only when it has arrived, so that it goes on after a crash where it was.
///
/// ascending_id, opaque: every page is complete in itself, and `top` moves with each.
/// descending_id, time: pages from the newest down, until the watermark.
/// time, oldest first: `since` moves up with each page, so that what moves to the end of the list meanwhile
/// shifts nothing past us; pages are counted only where one moment fills more than one.
/// conditional: all pages each time, until one holds nothing that was not seen; ETag and Last-Modified.
///
/// Once in a while (`reread`) a walk of descending_id or time goes further back than it must, since what was
/// heard may have got replies. What the items of a page owe is asked for before the next page is
/// (`follow_ups`).
struct Walk {
  static constexpr std::uint32_t schema = 1;
  static constexpr std::size_t seen_max = 500;

  std::string top;                    ///< an id, milliseconds, or the server's own cursor
  std::string pending;                ///< becomes `top` when the walk arrives
  Paging paging;                      ///< of this walk
  std::optional<std::int64_t> since;  ///< where this walk ends or begins, milliseconds: of `time`, and of one
                                      ///< that reads again
  std::int64_t top_at = 0;            ///< when `top` moved last, milliseconds: of `counts_anew`
  std::int64_t floor = 0;             ///< history before this is not wanted, milliseconds
  std::int64_t reread_at = 0;         ///< when the last walk began that reads again, milliseconds
  std::string etag, last_modified;
  std::vector<std::string> seen;        ///< short hashes of ids
  std::vector<std::string> seen_ahead;  ///< becomes `seen` when the walk arrives
  FollowUps follow_ups;

  static Result<Walk> read(const Cursor& cursor);
  Cursor write() const;

  /// Before a request: decides where a new walk begins.
  void begin(const CursorSpec& cursor, const WalkLimits& limits, Timestamp now);
  /// `cursor`, `start` and `page` as templates may name them.
  void provide(const StreamSpec& stream, Variables& variables) const;
  /// After a reply: sets the page's cursor, `more` and gaps. `scope` is all of it, and the request's
  /// variables.
  Page advance(ReadPage read, const StreamSpec& stream, const WalkLimits& limits, const Scope& scope,
               const net::HttpReply& reply, const std::string& base, Timestamp now);
  /// After 304: nothing new; the walk is over.
  Page unchanged(const StreamSpec& stream, Timestamp now);
  /// After a reply to a follow-up, and where there will be none.
  Page advance_follow(ReadPage read, const FollowSpec& asked, const StreamSpec& stream, const Scope& scope,
                      const net::HttpReply& reply, const std::string& base, Timestamp now);
  Page give_up_follow(ErrorKind why, const StreamSpec& stream, Timestamp now);

 private:
  struct Step;
  void ascend(Step& step);
  void follow(Step& step);
  void descend(Step& step);
  bool rise(Step& step);
  void finish(const Step& step);
  bool arrived(const Step& step) const;
  bool reached_top(const Step& step) const;
  bool is_answer(const Step& step) const;
  bool repeated(Step& step);
  std::string next_page(Step& step) const;
  Timestamp low() const;
  void cap(Step& step);
};

}  // namespace earshot::connectors::declarative
