// train: learns lexicon weights from labelled posts and writes them as layers people can read.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "analysis/training/train.hpp"
#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/labelled_posts.hpp"
#include "daemon/cli/learned_layers.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"

namespace earshot::cli {
namespace {

using namespace analysis::training;
using analysis::topic_count;

/// A few hundred labels of one's own stand against what tens of thousands of posts have said.
constexpr float own_label_weight = 10;

struct Material {
  std::vector<LabelledPost> posts;
  std::string licences;  ///< "name (licence), …" for the head of what is written
};

Result<Material> gather(const Options& o) {
  Material out;
  if (o.recipe.empty()) {
    auto posts = read_labelled_lines(o.file);
    if (!posts) return unexpected(posts.error());
    out.posts = std::move(*posts);
    for (auto& post : out.posts) post.weight = own_label_weight;
    out.licences = "labels of the user";
    return out;
  }
  const auto recipe = read_recipe(o.recipe);
  if (!recipe) return unexpected(recipe.error());
  const auto beside = std::filesystem::path(o.recipe).parent_path().string();
  for (const auto& line : *recipe) {
    auto posts = read_posts(line, o.file, beside.empty() ? "." : beside);
    if (!posts) return unexpected(posts.error());
    std::move(posts->begin(), posts->end(), std::back_inserter(out.posts));
    if (line.weight <= 0) continue;
    const auto name = line.file.substr(0, line.file.find_last_of('.')) + " (" + line.licence + ")";
    if (out.licences.find(name) == std::string::npos)
      out.licences += (out.licences.empty() ? "" : ", ") + name;
  }
  return out;
}

double macro_f1(const std::vector<std::pair<int, int>>& pairs, int classes) {
  double sum = 0;
  int have = 0;
  for (int c = 0; c < classes; ++c) {
    double hit = 0, gold = 0, said = 0;
    for (const auto& [g, p] : pairs) {
      hit += g == c && p == c;
      gold += g == c;
      said += p == c;
    }
    if (gold == 0) continue;
    ++have;
    sum += 2 * hit / (gold + said);
  }
  return have == 0 ? 0 : sum / have;
}

double macro_recall(const std::vector<std::pair<int, int>>& pairs, int classes) {
  double sum = 0;
  int have = 0;
  for (int c = 0; c < classes; ++c) {
    double hit = 0, gold = 0;
    for (const auto& [g, p] : pairs) {
      hit += g == c && p == c;
      gold += g == c;
    }
    if (gold == 0) continue;
    ++have;
    sum += hit / gold;
  }
  return have == 0 ? 0 : sum / have;
}

/// Expected calibration error: how far the share of right answers is from what was promised, in ten bins of
/// promise, each as heavy as its posts.
class Calibration {
 public:
  void add(float promised, bool right) {
    auto& bin = bins_[std::min<std::size_t>(static_cast<std::size_t>(promised * 10), bins_.size() - 1)];
    bin.promised += static_cast<double>(promised);
    bin.right += right;
    ++count_;
  }
  double error() const {
    double sum = 0;
    for (const auto& bin : bins_) sum += std::abs(bin.promised - bin.right);
    return count_ == 0 ? 0 : sum / static_cast<double>(count_);
  }

 private:
  struct Bin {
    double promised = 0, right = 0;
  };
  std::array<Bin, 10> bins_{};
  std::size_t count_ = 0;
};

void report_polarity(const Corpus& corpus, unsigned folds, const TrainOptions& options) {
  const auto guesses = cross_validate(corpus, folds, options, train_polarity);
  std::map<std::string, std::vector<std::pair<int, int>>> sets;
  std::map<std::string, Calibration> calibration;
  for (std::size_t i = 0; i < corpus.size(); ++i) {
    const auto& post = corpus.posts()[i];
    if (!post.polarity) continue;
    const auto said = std::ranges::max_element(guesses[i].polarity) - guesses[i].polarity.begin();
    sets[post.set].emplace_back(*post.polarity, static_cast<int>(said));
    calibration[post.set].add(guesses[i].polarity[static_cast<std::size_t>(said)], *post.polarity == said);
  }
  Table table({"set", "posts", "macro-F1", "macro-recall", "ECE"});
  for (const auto& [set, pairs] : sets)
    table.add({set, std::to_string(pairs.size()), fmt::format("{:.4f}", macro_f1(pairs, 3)),
               fmt::format("{:.4f}", macro_recall(pairs, 3)),
               fmt::format("{:.4f}", calibration[set].error())});
  table.print();
}

void report_topics(const Corpus& corpus, unsigned folds, const TrainOptions& options) {
  const auto guesses = cross_validate(corpus, folds, options, train_topics);
  Table table({"topic", "judged", "yes", "precision", "recall", "F1"});
  for (std::size_t topic = 0; topic < topic_count; ++topic) {
    double hit = 0, gold = 0, said = 0;
    std::size_t judged = 0;
    for (std::size_t i = 0; i < corpus.size(); ++i) {
      const auto& post = corpus.posts()[i];
      if ((post.judged >> topic & 1) == 0) continue;
      ++judged;
      const bool yes = (post.topics >> topic & 1) != 0, guess = guesses[i].topics[topic] > 0;
      hit += yes && guess;
      gold += yes;
      said += guess;
    }
    if (gold == 0) continue;
    const auto name = topic < issue_type_count ? to_string(static_cast<IssueType>(topic))
                                               : to_string(static_cast<Intent>(topic - issue_type_count));
    table.add({std::string(name), std::to_string(judged), fmt::format("{:.0f}", gold),
               fmt::format("{:.3f}", said > 0 ? hit / said : 0), fmt::format("{:.3f}", hit / gold),
               fmt::format("{:.3f}", 2 * hit / (gold + said))});
  }
  table.print();
}

}  // namespace

int train(const Options& o) {
  const std::string lang = o.name.empty() ? "en" : o.name;
  if (o.folds < 2 && o.output.empty()) return fail("--out says where the learned layers go", 2);
  auto material = gather(o);
  if (!material) return fail(material.error().message, 2);
  const auto rules = analysis::rules_without(o.rules_off);
  if (!rules) return fail("--rules-off: " + rules.error().message, 2);
  auto analyser = analysis::Analyser::create(
      {.languages = {}, .own_issues = {}, .learned = false, .overlay = {}, .rules = *rules});
  if (!analyser) return fail(analyser.error().message, 2);
  const Corpus corpus(std::move(material->posts), **analyser, lang);
  const auto topics = corpus.without_negation();
  auto options = o.training;
  std::optional<ShippedWeights> shipped;
  if (o.recipe.empty()) {
    auto read = ShippedWeights::read(lang);
    if (!read) return fail(read.error().message);
    shipped = std::move(*read);
    options.from = &*shipped;
  }
  if (o.folds > 1) {
    if (o.metric != "topics") report_polarity(corpus, o.folds, options);
    if (o.metric != "polarity") report_topics(topics, o.folds, options);
    return 0;
  }
  std::error_code ignored;
  std::filesystem::create_directories(o.output, ignored);
  std::vector<std::uint32_t> all(corpus.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const LearnedLayers learned{.lang = lang,
                              .licences = material->licences,
                              .posts = corpus.size(),
                              .polarity = train_polarity(corpus, all, options),
                              .topics = train_topics(topics, all, options)};
  const auto written =
      options.from ? write_overlay(learned, *options.from, o.output) : write_layers(learned, o.output);
  if (!written) return fail(written.error().message);
  std::printf("%zu posts, %zu lines in %s\n", corpus.size(), *written, o.output.c_str());
  return 0;
}

CommandSpec train_command() {
  return {.name = "train",
          .group = CommandGroup::keep,
          .purpose = "Learn lexicon weights from labelled posts",
          .examples =
              "  earshot train --data labels.jsonl --out overlay/\n"
              "  earshot train --data SETS --recipe analysis/training/en.recipe --out analysis/data   the "
              "shipped weights\n"
              "  earshot train --data SETS --recipe analysis/training/en.recipe --folds 5             how "
              "good they are",
          .run = train,
          .options = OptionList{
              {.names = "--data",
               .target = &Options::file,
               .help = "Labelled lines, or with --recipe the folder of its sets",
               .required = true},
              {.names = "--out",
               .target = &Options::output,
               .help = "Folder the learned layers are written to",
               .kind = ValueKind::folder},
              {.names = "--recipe",
               .target = &Options::recipe,
               .help = "Which sets teach what; without it, labels of your own change the shipped weights",
               .kind = ValueKind::file},
              {.names = "--lang", .target = &Options::name, .help = "Language of the posts (en)"},
              {.names = "--rules-off",
               .target = &Options::rules_off,
               .help = "Rules of sentiment to learn without",
               .comma_separated = true},
              {.names = "--folds",
               .target = &Options::folds,
               .help = "Only print figures of a cross-validation with so many folds"},
              {.names = "--only",
               .target = &Options::metric,
               .help = "With --folds: polarity or topics",
               .choices = {"polarity", "topics"}},
              {.names = "--penalty",
               .target = &TrainOptions::penalty,
               .help = "Price of a word's weight in the polarity model",
               .shows_default = true},
              {.names = "--balance",
               .target = &TrainOptions::balance,
               .help = "0: classes as frequent as they are, 1: all the same",
               .shows_default = true},
              {.names = "--words-min",
               .target = &TrainOptions::words_min,
               .help = "Posts a word must stand in; with --recipe only",
               .shows_default = true},
              {.names = "--pairs-min",
               .target = &TrainOptions::pairs_min,
               .help = "Posts a pair of words must stand in; with --recipe only",
               .shows_default = true},
              {.names = "--topic-penalty",
               .target = &TrainOptions::topic_penalty,
               .help = "The same for topics",
               .shows_default = true},
              {.names = "--topic-feature-penalty",
               .target = &TrainOptions::topic_feature_penalty,
               .help = "Price of a feature's distance from its prior",
               .shows_default = true},
              {.names = "--topic-balance",
               .target = &TrainOptions::topic_balance,
               .help = "The same for topics",
               .shows_default = true},
              {.names = "--topic-words-min",
               .target = &TrainOptions::topic_words_min,
               .help = "The same for topics",
               .shows_default = true},
              {.names = "--topic-pairs-min",
               .target = &TrainOptions::topic_pairs_min,
               .help = "The same for topics",
               .shows_default = true}}};
}

}  // namespace earshot::cli
