#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/model/ids.hpp"
#include "store/decisions.hpp"
#include "store/rows.hpp"

/// What the content team works with: stories that may be told, and pages that answer what people ask, and how
/// they put things.
namespace earshot::store {

inline constexpr std::array<std::string_view, 4> consents{"unknown", "asked", "given", "refused"};

/// What was once said of a customer's consent; the newest counts.
struct ConsentRow {
  Timestamp at = {};
  std::string consent = {}, note = {}, by = {};
  bool operator==(const ConsentRow&) const = default;
};

/// An unhappy customer who was won back (outcome `converted`), and whether that may be told.
struct StoryRow {
  JourneyRow journey = {};
  std::string consent = "unknown";       ///< unknown, asked, given, refused
  std::vector<ConsentRow> history = {};  ///< newest first, at most 100
  bool operator==(const StoryRow&) const = default;
};

/// A page of the brand: of the configuration, or one that its replies link to.
struct PageRow {
  std::string url = {}, title = {};
  bool configured = false;                 ///< else learned from replies
  std::int64_t replies = 0;                ///< of the brand that link to it
  std::optional<MentionId> reply = {};     ///< the newest of them
  std::int64_t questions = 0, askers = 0;  ///< ideas that it fits best, and their askers; read only
  bool operator==(const PageRow&) const = default;
};

/// An idea by its key, and the page that fits it best.
struct PageMatch {
  std::string idea = {};
  IdeaPage page = {};
};

/// What the link job finds of one brand; replaces what it found before.
struct PageFindings {
  std::vector<PageRow> pages = {};
  std::vector<PageMatch> matches = {};
};

/// An address in one of the brand's own posts.
struct OwnLink {
  MentionId mention = {};
  std::string url = {};
  bool operator==(const OwnLink&) const = default;
};

/// A phrase, hashtag or emoji that more or fewer people write than before.
struct TermMoveRow {
  std::string term = {}, kind = {}, direction = {};    ///< words, hashtag, emoji; rising, falling
  Timestamp week_at = {};                              ///< first of the seven days that are compared
  std::int64_t authors = 0, people = 0;                ///< distinct, who wrote it, and who wrote anything
  std::int64_t authors_before = 0, people_before = 0;  ///< the same, per week, added up
  std::int64_t weeks_before = 0;
  double ratio = 0, low = 0, high = 0;   ///< of the shares; may be infinite
  std::vector<MentionId> mentions = {};  ///< that have it, oldest first
  bool operator==(const TermMoveRow&) const = default;
};

/// Something that a person did for the brand.
struct BondRow {
  std::string kind = {};  ///< recommend, share, defend, thank
  MentionId mention = {};
  std::uint64_t author_key = 0;
  std::string author_handle = {};
  bool operator==(const BondRow&) const = default;
};

/// A day (UTC) of a brand's history, and a number that is another one when it was changed.
struct DayMark {
  Timestamp day = {};
  std::uint64_t mark = 0;
  bool operator==(const DayMark&) const = default;
};

/// The part of Reader that serves the content team; as that is: one thread at a time, every list with a
/// limit.
class ContentReader {
 public:
  virtual ~ContentReader() = default;
  /// Stories that began within [since, until), newest first; of every consent, or of one.
  virtual Result<std::vector<StoryRow>> stories(BrandId brand, Timestamp since, Timestamp until,
                                                std::string_view consent, std::size_t limit) = 0;
  /// By the post with which it began; `invalid` when that is the beginning of no such story.
  virtual Result<StoryRow> story(BrandId brand, MentionId rant) = 0;
  /// Those that fit most askers' questions first; at most 1,000.
  virtual Result<std::vector<PageRow>> pages(BrandId brand) = 0;
  /// In the brand's own posts, newest first.
  virtual Result<std::vector<OwnLink>> own_links(BrandId brand, Timestamp since, Timestamp until,
                                                 std::size_t limit) = 0;
  /// Those that rise first, each by how far they are clear of chance.
  virtual Result<std::vector<TermMoveRow>> term_moves(BrandId brand) = 0;
  /// What people did for the brand, newest first; staff, press, bots and affiliates left out. Thanks are
  /// posts with that intent which are not negative; shares are others' posts that are not negative and link
  /// to one of the brand's pages.
  virtual Result<std::vector<BondRow>> bonds(BrandId brand, Timestamp since, Timestamp until,
                                             std::size_t limit) = 0;
  /// Of the days that begin within [since, until), oldest first; those of which nothing was ever heard are
  /// left out. What came in, was edited, deleted or judged otherwise gave its day another mark, and so has
  /// the day of `until` where it holds what is dated later. Looks at no mention.
  virtual Result<std::vector<DayMark>> day_marks(BrandId brand, Timestamp since, Timestamp until) = 0;
};

/// The part of Store that writes for the content team; in the store's thread, each call one transaction.
class ContentWriter {
 public:
  virtual ~ContentWriter() = default;
  /// The same again changes nothing; else what was said before stays known. `invalid` names what is wrong.
  virtual Status decide_story(const StoryDecision& decision) = 0;
  /// Matches of ideas that are not there are left out.
  virtual Status write_pages(BrandId brand, const PageFindings& findings) = 0;
  /// Replaces what was found before.
  virtual Status write_term_moves(BrandId brand, std::span<const TermMoveRow> rows) = 0;
};

}  // namespace earshot::store
