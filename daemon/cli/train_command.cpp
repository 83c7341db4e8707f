// train: learns lexicon weights from labelled posts and writes them as layers people can read.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "analysis/training/train.hpp"
#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/labelled_posts.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"

namespace earshot::cli {
namespace {

using namespace analysis::training;
using analysis::topic_count;

/// Weights nearer to zero are not worth a line.
constexpr double polarity_least = 0.04, topic_least = 0.05;

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

void report_polarity(const Corpus& corpus, unsigned folds, const TrainOptions& options) {
  const auto guesses = cross_validate(corpus, folds, options, train_polarity);
  std::map<std::string, std::vector<std::pair<int, int>>> sets;
  for (std::size_t i = 0; i < corpus.size(); ++i) {
    const auto& post = corpus.posts()[i];
    if (!post.polarity) continue;
    const auto said = std::ranges::max_element(guesses[i].polarity) - guesses[i].polarity.begin();
    sets[post.set].emplace_back(*post.polarity, static_cast<int>(said));
  }
  Table table({"set", "posts", "macro-F1", "macro-recall"});
  for (const auto& [set, pairs] : sets)
    table.add({set, std::to_string(pairs.size()), fmt::format("{:.4f}", macro_f1(pairs, 3)),
               fmt::format("{:.4f}", macro_recall(pairs, 3))});
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

std::string decimals(double value) {
  auto text = fmt::format("{:.2f}", value);
  return text == "-0.00" || text == "0.00" ? "0" : text;
}

std::string head(const Material& material, std::string_view lang, std::string_view layer, std::size_t posts) {
  return fmt::format(
      "# earshot lexicon\n# version: 2\n# language: {}\n# layer: {}\n# licence: CC0-1.0 (the weights); "
      "learned from {}\n"
      "# source: earshot train, {} posts\n# columns: term, valence, negative, neutral, positive, keys\n",
      lang, layer, material.licences, posts);
}

Status write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return unexpected(ErrorKind::internal, path + " cannot be written");
  return Done{};
}

std::string polarity_lines(const std::vector<LearnedLine>& lines) {
  std::string out;
  for (const auto& line : lines) {
    const auto most =
        std::max({std::abs(line.polarity[0]), std::abs(line.polarity[1]), std::abs(line.polarity[2])});
    if (most < polarity_least) continue;
    out += fmt::format("{}\t-\t{}\t{}\t{}\n", line.name, decimals(line.polarity[0]),
                       decimals(line.polarity[1]), decimals(line.polarity[2]));
  }
  return out;
}

std::string topic_lines(const std::vector<LearnedLine>& lines, const std::set<std::size_t>& learned) {
  std::string out;
  for (const auto& line : lines) {
    std::string keys;
    for (std::size_t topic = 0; topic < topic_count; ++topic) {
      // A feature's prior weight is replaced by what was learned, be it nothing.
      const bool feature = is_feature(line.name) && learned.contains(topic);
      if (std::abs(line.topics[topic]) < topic_least && !feature) continue;
      keys += fmt::format("{}{}:{}={}", keys.empty() ? "" : " ",
                          topic < issue_type_count ? "issue_logit" : "intent_logit",
                          topic < issue_type_count ? to_string(static_cast<IssueType>(topic))
                                                   : to_string(static_cast<Intent>(topic - issue_type_count)),
                          decimals(line.topics[topic]));
    }
    if (!keys.empty()) out += fmt::format("{}\t-\t-\t-\t-\t{}\n", line.name, keys);
  }
  return out;
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
  TrainOptions options = o.training;
  if (o.folds > 1) {
    if (o.metric != "topics") report_polarity(corpus, o.folds, options);
    if (o.metric != "polarity") report_topics(topics, o.folds, options);
    return 0;
  }
  std::error_code ignored;
  std::filesystem::create_directories(o.output, ignored);
  std::vector<std::uint32_t> all(corpus.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto polarity = train_polarity(corpus, all, options);
  const auto learned = train_topics(topics, all, options);
  std::set<std::size_t> said;
  for (const auto& line : learned)
    for (std::size_t topic = 0; topic < topic_count; ++topic)
      if (line.topics[topic] != 0) said.insert(topic);
  const auto base = o.output + '/' + lang;
  if (!polarity.empty())
    if (const auto written = write_file(
            base + "_learned.tsv",
            head(*material, lang, "learned class weights (logits); <names> are the model's numeric features",
                 corpus.size()) +
                polarity_lines(polarity));
        !written)
      return fail(written.error().message);
  if (!learned.empty())
    if (const auto written =
            write_file(base + "_topics.tsv",
                       head(*material, lang, "learned logits of issue types and intents", corpus.size()) +
                           "# topics only\n" + topic_lines(learned, said));
        !written)
      return fail(written.error().message);
  std::printf("%zu posts, %zu lines of polarity, %zu of topics in %s\n", corpus.size(), polarity.size(),
              learned.size(), o.output.c_str());
  return 0;
}

}  // namespace earshot::cli
