// explain_topics: the slow way round, with names.
#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/text/topics.hpp"
#include "analysis/text/word_groups.hpp"
#include "core/model/names.hpp"

namespace earshot::analysis {
namespace {

/// Learned weights below this are too many to read.
constexpr float worth_saying = 0.25f;

std::string topic_rule(std::size_t topic) {
  return topic < issue_type_count
             ? "issue:" + std::string(to_string(static_cast<IssueType>(topic)))
             : "intent:" + std::string(to_string(static_cast<Intent>(topic - issue_type_count)));
}

std::string facet_rule(const FacetWeight& facet) {
  switch (facet.facet) {
    case Facet::issue: return topic_rule(facet.id);
    case Facet::intent: return topic_rule(issue_type_count + facet.id);
    case Facet::emotion: return "emotion:" + std::string(to_string(static_cast<Emotion>(facet.id)));
    default: return "question";
  }
}

bool is_named(const Verdict& verdict, std::size_t topic) {
  return topic < issue_type_count
             ? std::ranges::find(verdict.issues, static_cast<IssueType>(topic), &ScoredIssue::type) !=
                   verdict.issues.end()
             : std::ranges::find(verdict.intents, static_cast<Intent>(topic - issue_type_count),
                                 &ScoredIntent::intent) != verdict.intents.end();
}

}  // namespace

void explain_topics(const Reading& reading, Tokens tokens, const Lexicon& lexicon, const Verdict& verdict,
                    std::vector<Evidence>& out) {
  const auto span_of = [&](std::uint32_t begin, std::uint32_t end) {
    return Span{.begin = tokens[reading.units[begin].token].span.begin,
                .end = tokens[reading.units[end - 1].token].span.end};
  };
  GroupHits groups;
  for (const auto& hit : reading.hits) {
    const auto span = span_of(hit.unit, hit.unit + hit.words);
    for (const auto& facet : lexicon.facets(*hit.entry)) {
      if (!facet_counts(hit, facet.facet) || facet.facet == Facet::urgency || facet.facet == Facet::severity)
        continue;
      if (facet.facet == Facet::group) {
        groups.add(hit, reading.units[hit.unit].sentence, static_cast<WordGroup>(facet.id));
        continue;
      }
      out.push_back({.span = span,
                     .term = std::string(lexicon.term(*hit.entry)),
                     .rule = facet_rule(facet),
                     .weight = static_cast<float>(facet.weight) * hundredth});
    }
    if (hit.hidden) continue;
    for (const auto& topic : lexicon.topics(*hit.entry)) {
      const auto weight = static_cast<float>(topic.weight) * hundredth;
      if (std::abs(weight) >= worth_saying && is_named(verdict, topic.topic))
        out.push_back({.span = span,
                       .term = std::string(lexicon.term(*hit.entry)),
                       .rule = topic_rule(topic.topic),
                       .weight = weight});
    }
  }
  groups.apply([&](const GroupRule& rule, std::uint32_t begin, std::uint32_t end) {
    out.push_back({.span = span_of(begin, end),
                   .term = std::string(to_string(rule.first)) + " … " + std::string(to_string(rule.second)),
                   .rule = topic_rule(topic_of(rule.type)),
                   .weight = rule.weight});
  });
}

}  // namespace earshot::analysis
