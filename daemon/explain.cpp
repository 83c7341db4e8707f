#include "daemon/explain.hpp"

namespace earshot::daemon {

std::vector<BrandVerdict> explain(const Pipeline& pipeline, const std::vector<store::MentionRow>& rows) {
  if (rows.empty()) return {};
  const auto& row = rows.front();
  const Mention mention{.platform = row.platform,
                        .native_id = row.native_id,
                        .text = row.text,
                        .title = row.title,
                        .url = row.url,
                        .lang = row.verdict.lang == "und" ? "" : row.verdict.lang,
                        .author = Author{.handle = row.author_handle},
                        .created_at = row.created_at};
  std::vector<BrandId> about;
  for (const auto& one : rows) about.push_back(one.verdict.brand);
  auto matches = pipeline.matcher().match(mention, about);
  for (auto& match : matches)
    for (const auto& one : rows)
      if (match.kind == MatchKind::source && match.brand == one.verdict.brand) match.kind = one.verdict.match;
  analysis::Scratch scratch;
  return pipeline.analyser().analyse(mention, matches, analysis::WithEvidence::yes, scratch);
}

}  // namespace earshot::daemon
