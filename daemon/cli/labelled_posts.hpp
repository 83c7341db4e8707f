#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "analysis/training/corpus.hpp"
#include "core/base/result.hpp"

namespace earshot::cli {

/// One line of a recipe: which file teaches what, how much one of its posts counts (0: it is only
/// measured, never trained on), and by which licence.
///
///     file <TAB> role <TAB> weight <TAB> licence
///
/// Roles: `polarity` (label negative, neutral, positive), `stars` (1-2 negative, 4-5 positive), `own` (a .tsv
/// of polarity, issues, intents, text), `issues:LABEL=TYPE,LABEL=TYPE` (other labels are none of these
/// types). A role may end in `@LANG`: only lines of that "lang".
struct RecipeLine {
  std::string file, role, licence;
  std::string lang;
  float weight = 1;
};
Result<std::vector<RecipeLine>> read_recipe(const std::string& path);

/// The posts of one recipe line. `folder` holds the sets; an `own` file lies beside the recipe. A bad line is
/// an error with its number.
Result<std::vector<analysis::training::LabelledPost>> read_posts(const RecipeLine& line,
                                                                 const std::string& folder,
                                                                 const std::string& beside);

/// {"text", "label"?, "issues"?: [], "intents"?: [], "complaint"?, "question"?} per line: a user's own
/// labels.
Result<std::vector<analysis::training::LabelledPost>> read_labelled_lines(const std::string& path);

}  // namespace earshot::cli
