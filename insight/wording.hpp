#pragma once
#include <optional>
#include <string>
#include <vector>

#include "insight/job.hpp"
#include "store/content.hpp"

/// How customers put things: a glossary in their own words, and what more or fewer of them say than before.
namespace earshot::insight {

/// What the glossary is made of.
struct GlossaryQuestion {
  Timestamp since = {}, until = {};
  std::optional<IssueType> issue = {};
  std::optional<store::ProductId> product = {};
  bool no_issue = false;  ///< only what has no issue type
  std::size_t limit = 50;
};

struct GlossaryTerm {
  std::string term = {}, kind = {};      ///< words, hashtag, emoji
  std::int64_t authors = 0;              ///< distinct
  std::int64_t own_posts = 0;            ///< of the brand that have it
  double share = 0;                      ///< of the people
  double weight = 0;                     ///< log-odds against the brand's own wording, in standard errors
  std::vector<MentionId> mentions = {};  ///< that have it, newest first, at most 50
};

struct Glossary {
  std::int64_t people = 0, own_posts = 0;  ///< whose words are compared
  std::int64_t mentions = 0, echoes = 0;   ///< read, and left out as copies
  std::vector<GlossaryTerm> terms = {};    ///< most the customers' own first
};

/// Terms that three or more people use, from the newest 20,000 mentions of the stretch, against the brand's
/// newest 5,000 posts of it. Texts of 40 bytes or more in the same words count once.
Result<Glossary> make_glossary(const JobInput& input, const GlossaryQuestion& question);

/// Terms that clearly more or fewer people write in the last seven whole days than in up to eight weeks
/// before (99.9 % interval of the ratio of shares), five people at least in the week or, of what falls, five
/// a week before. Nothing before four weeks are known.
Result<std::vector<store::TermMoveRow>> term_job(const JobInput& input);

}  // namespace earshot::insight
