#include "daemon/cli/learned_layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "analysis/text/features.hpp"
#include "core/model/names.hpp"

namespace earshot::cli {
namespace {

using namespace analysis::training;
using analysis::topic_count;

/// Weights nearer to zero, or to where they were, are not worth a line.
constexpr double polarity_least = 0.04, topic_least = 0.05;

std::string decimals(double value) {
  auto text = fmt::format("{:.2f}", value);
  return text == "-0.00" || text == "0.00" ? "0" : text;
}

std::string head(const LearnedLayers& learned, std::string_view layer) {
  return fmt::format(
      "# earshot lexicon\n# version: 2\n# language: {}\n# layer: {}\n# licence: CC0-1.0 (the weights); "
      "learned from {}\n"
      "# source: earshot train, {} posts\n# columns: term, valence, negative, neutral, positive, keys\n",
      learned.lang, layer, learned.licences, learned.posts);
}

Status write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return unexpected(ErrorKind::internal, path + " cannot be written");
  return Done{};
}

std::string classes(const std::array<double, 3>& weights) {
  return fmt::format("{}\t{}\t{}", decimals(weights[0]), decimals(weights[1]), decimals(weights[2]));
}

void add_topic(std::string& keys, std::size_t topic, double weight) {
  keys += fmt::format("{}{}:{}={}", keys.empty() ? "" : " ",
                      topic < issue_type_count ? "issue_logit" : "intent_logit",
                      topic < issue_type_count ? to_string(static_cast<IssueType>(topic))
                                               : to_string(static_cast<Intent>(topic - issue_type_count)),
                      decimals(weight));
}

std::set<std::size_t> topics_of(const std::vector<LearnedLine>& lines) {
  std::set<std::size_t> out;
  for (const auto& line : lines)
    for (std::size_t topic = 0; topic < topic_count; ++topic)
      if (line.topics[topic] != 0) out.insert(topic);
  return out;
}

std::string polarity_lines(const std::vector<LearnedLine>& lines) {
  std::string out;
  for (const auto& line : lines)
    if (std::ranges::any_of(line.polarity, [](double w) { return std::abs(w) >= polarity_least; }))
      out += fmt::format("{}\t-\t{}\n", line.name, classes(line.polarity));
  return out;
}

std::string topic_lines(const std::vector<LearnedLine>& lines) {
  std::string out;
  const auto learned = topics_of(lines);
  for (const auto& line : lines) {
    std::string keys;
    for (std::size_t topic = 0; topic < topic_count; ++topic) {
      // A feature's prior weight is replaced by what was learned, be it nothing.
      const bool feature = is_feature(line.name) && learned.contains(topic);
      if (std::abs(line.topics[topic]) >= topic_least || feature) add_topic(keys, topic, line.topics[topic]);
    }
    if (!keys.empty()) out += fmt::format("{}\t-\t-\t-\t-\t{}\n", line.name, keys);
  }
  return out;
}

/// Term by term: the class weights if one of them moved, and the topics that did.
std::string moved_lines(const LearnedLayers& learned, const ShippedWeights& shipped) {
  const auto is_bias = [](std::string_view name) {
    return name == analysis::feature_name(static_cast<std::size_t>(analysis::Feature::bias));
  };
  std::map<std::string, std::pair<std::string, std::string>> lines;  // class weights, keys
  for (const auto& line : learned.polarity) {
    const auto& was = shipped.line(line.name).polarity;
    auto weights = line.polarity;
    double moved = 0;
    for (std::size_t c = 0; c < 3; ++c) moved = std::max(moved, std::abs(weights[c] - was[c]));
    if (moved < polarity_least) continue;
    for (std::size_t c = 0; c < 3 && is_bias(line.name); ++c) weights[c] -= shipped.lean().polarity[c];
    lines[line.name].first = classes(weights);
  }
  const auto topics = topics_of(learned.topics);
  for (const auto& line : learned.topics)
    for (const auto topic : topics) {
      if (std::abs(line.topics[topic] - shipped.line(line.name).topics[topic]) < topic_least) continue;
      add_topic(lines[line.name].second, topic,
                line.topics[topic] - (is_bias(line.name) ? shipped.lean().topics[topic] : 0));
    }
  std::string out;
  for (const auto& [name, said] : lines)
    out += fmt::format("{}\t-\t{}{}{}\n", name, said.first.empty() ? "-\t-\t-" : said.first,
                       said.second.empty() ? "" : "\t", said.second);
  return out;
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace

Result<std::size_t> write_layers(const LearnedLayers& learned, const std::string& folder) {
  std::size_t count = 0;
  const auto write = [&](const char* name, std::string_view layer, const char* more,
                         const std::string& lines) -> Status {
    count += line_count(lines);
    return write_file(folder + '/' + learned.lang + name, head(learned, layer) + more + lines);
  };
  if (!learned.polarity.empty())
    if (const auto written =
            write("_learned.tsv", "learned class weights (logits); <names> are the model's numeric features",
                  "", polarity_lines(learned.polarity));
        !written)
      return unexpected(written.error());
  if (!learned.topics.empty())
    if (const auto written = write("_topics.tsv", "learned logits of issue types and intents",
                                   "# topics only\n", topic_lines(learned.topics));
        !written)
      return unexpected(written.error());
  return count;
}

Result<std::size_t> write_overlay(const LearnedLayers& learned, const ShippedWeights& shipped,
                                  const std::string& folder) {
  const auto lines = moved_lines(learned, shipped);
  if (const auto written =
          write_file(folder + '/' + learned.lang + "_labels.tsv",
                     head(learned, "what your own labels changed of the shipped weights") + lines);
      !written)
    return unexpected(written.error());
  return line_count(lines);
}

}  // namespace earshot::cli
