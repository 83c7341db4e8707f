#include "analysis/training/train.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "analysis/text/logistic.hpp"

namespace earshot::analysis::training {
namespace {

using Posts = std::vector<std::uint32_t>;

/// Features are few and trusted: their weights cost less.
std::vector<double> penalties(const Corpus& corpus, const std::vector<std::uint32_t>& columns, double word,
                              double feature) {
  std::vector<double> out;
  for (const auto column : columns) out.push_back(is_feature(corpus.names()[column]) ? feature : word);
  return out;
}

/// Weights of the rows so that rare classes count for more: by (mean share / own share) to the power
/// `balance`.
void balance_rows(std::vector<float>& weight, const std::vector<std::uint8_t>& label, std::size_t classes,
                  double balance) {
  std::vector<double> sums(classes, 0);
  double all = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    sums[label[i]] += static_cast<double>(weight[i]);
    all += static_cast<double>(weight[i]);
  }
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto lift = all / (static_cast<double>(classes) * sums[label[i]]);
    // lift^balance without the C library's pow: e^(balance · ln lift), ln by Newton's steps on our
    // exponential.
    double log = 0;
    for (int step = 0; step < 60; ++step)
      log += lift / exponential(log) - 1 > 1 ? 1 : lift / exponential(log) - 1;
    weight[i] = static_cast<float>(static_cast<double>(weight[i]) * exponential(balance * log));
  }
}

using Lines = std::map<std::string, LearnedLine>;

LearnedLine& line_of(Lines& lines, const std::string& name) {
  auto& line = lines[name];
  line.name = name;
  return line;
}

std::vector<LearnedLine> in_order(Lines&& lines) {
  std::vector<LearnedLine> out;
  for (auto& [name, line] : lines) out.push_back(std::move(line));
  return out;
}

void train_topic(const Corpus& corpus, const Posts& chosen, std::size_t topic, const TrainOptions& options,
                 Lines& lines) {
  Posts posts;
  std::vector<std::uint8_t> label;
  std::vector<float> weight;
  std::size_t yes = 0;
  for (const auto post : chosen) {
    const auto& labelled = corpus.posts()[post];
    if ((labelled.judged >> topic & 1) == 0 || labelled.weight <= 0) continue;
    posts.push_back(post);
    label.push_back(static_cast<std::uint8_t>(labelled.topics >> topic & 1));
    yes += label.back();
    weight.push_back(labelled.weight);
  }
  if (yes < 10 || yes == posts.size()) return;  // nothing to learn from
  balance_rows(weight, label, 2, options.topic_balance);
  const auto* const from = options.from;
  const auto columns =
      corpus.vocabulary(posts, from ? 1 : options.topic_words_min, from ? 1 : options.topic_pairs_min);
  const bool freed = std::ranges::find(freed_topics, topic) != freed_topics.end();
  const auto penalty = penalties(corpus, columns, freed ? options.freed_penalty : options.topic_penalty,
                                 freed ? options.freed_feature_penalty : options.topic_feature_penalty);
  std::vector<double> prior;
  for (const auto column : columns)
    prior.push_back(from ? from->line(corpus.names()[column]).topics[topic] : corpus.prior(column, topic));
  const auto weights = fit_binary(corpus.matrix(posts, columns), label,
                                  {.row_weight = weight, .penalty = penalty, .start = prior});
  for (std::size_t i = 0; i < columns.size(); ++i)
    line_of(lines, corpus.names()[columns[i]]).topics[topic] = weights[i];
}

}  // namespace

std::vector<LearnedLine> train_polarity(const Corpus& corpus, const Posts& chosen,
                                        const TrainOptions& options) {
  Lines lines;
  Posts posts;
  std::vector<std::uint8_t> label;
  std::vector<float> weight;
  for (const auto post : chosen) {
    const auto& labelled = corpus.posts()[post];
    if (!labelled.polarity || labelled.weight <= 0) continue;
    posts.push_back(post);
    label.push_back(*labelled.polarity);
    weight.push_back(labelled.weight);
  }
  if (posts.empty()) return {};
  balance_rows(weight, label, 3, options.balance);
  const auto* const from = options.from;
  const auto columns = corpus.vocabulary(posts, from ? 1 : options.words_min, from ? 1 : options.pairs_min);
  const auto penalty = penalties(corpus, columns, options.penalty, options.penalty / 9);
  std::vector<double> start;
  if (from)
    for (const auto column : columns)
      for (const auto weight_here : from->line(corpus.names()[column]).polarity) start.push_back(weight_here);
  const auto weights = fit_polarity(corpus.matrix(posts, columns), label,
                                    {.row_weight = weight, .penalty = penalty, .start = start});
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& line = line_of(lines, corpus.names()[columns[i]]);
    const auto mean = (weights[i * 3] + weights[i * 3 + 1] + weights[i * 3 + 2]) / 3;
    for (std::size_t c = 0; c < 3; ++c) line.polarity[c] = weights[i * 3 + c] - mean;
  }
  return in_order(std::move(lines));
}

std::vector<LearnedLine> train_topics(const Corpus& corpus, const Posts& chosen,
                                      const TrainOptions& options) {
  Lines lines;
  for (std::size_t topic = 0; topic < topic_count; ++topic)
    train_topic(corpus, chosen, topic, options, lines);
  return in_order(std::move(lines));
}

Learned::Learned(const std::vector<LearnedLine>& lines, const Corpus& corpus) : corpus_(corpus) {
  std::unordered_map<std::string_view, const LearnedLine*> by_name;
  for (const auto& line : lines) by_name.emplace(line.name, &line);
  for (const auto& name : corpus.names()) {
    const auto found = by_name.find(name);
    by_column_.push_back(found == by_name.end() ? nullptr : found->second);
  }
}

Guess Learned::guess(std::uint32_t post) const {
  std::array<double, 3> polarity{};
  Guess out;
  const auto& rows = corpus_.rows();
  for (auto k = rows.begin[post]; k < rows.begin[post + 1]; ++k) {
    const auto* line = by_column_[rows.column[k]];
    if (!line) continue;
    for (std::size_t c = 0; c < 3; ++c) polarity[c] += line->polarity[c] * static_cast<double>(rows.value[k]);
    for (std::size_t t = 0; t < topic_count; ++t)
      out.topics[t] += static_cast<float>(line->topics[t]) * rows.value[k];
  }
  const auto most = std::ranges::max(polarity);
  double sum = 0;
  for (auto& share : polarity) sum += share = exponential(share - most);
  for (std::size_t c = 0; c < 3; ++c) out.polarity[c] = static_cast<float>(polarity[c] / sum);
  return out;
}

std::vector<Guess> cross_validate(const Corpus& corpus, unsigned folds, const TrainOptions& options,
                                  std::vector<LearnedLine> (*train)(const Corpus&, const Posts&,
                                                                    const TrainOptions&)) {
  const auto count = static_cast<std::uint32_t>(corpus.posts().size());
  std::vector<Guess> out(count);
  for (unsigned fold = 0; fold < folds; ++fold) {
    Posts chosen;
    for (std::uint32_t i = 0; i < count; ++i)
      if (i % folds != fold) chosen.push_back(i);
    const auto lines = train(corpus, chosen, options);
    const Learned learned(lines, corpus);
    for (auto i = fold; i < count; i += folds) out[i] = learned.guess(i);
  }
  return out;
}

}  // namespace earshot::analysis::training
