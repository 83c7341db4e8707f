#pragma once
#include "insight/job.hpp"
#include "store/content.hpp"

/// Which page of the brand answers what people ask.
namespace earshot::insight {

/// A page of the configuration.
struct KnownPage {
  std::string url = {}, title = {};
  std::vector<std::string> words = {};  ///< further ones that people use for it
  bool operator==(const KnownPage&) const = default;
};

/// The pages of the configuration, those that the brand's replies of the last twelve weeks link to for two or
/// more people, and for each idea the one that fits best (analysis/content/pages.hpp). `ideas` are those of
/// idea_job.
Result<store::PageFindings> link_job(const JobInput& input, const Dialogue& dialogue,
                                     const std::vector<store::IdeaRow>& ideas,
                                     const std::vector<KnownPage>& known);

}  // namespace earshot::insight
