// Posts per second of one core through the tokenizer, the reading of the lexicon and the whole analyser.
// Input: the labelled tweets beside the checkout where they are, else the sentences below. Before timing, a
// warm Scratch must give the verdicts of a fresh one, and must not allocate in the tokenizer.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "analysis/text/analyser.hpp"
#include "analysis/text/tokenizer.hpp"

using namespace earshot;
using namespace earshot::analysis;

namespace {

const std::vector<std::string>& posts() {
  static const auto all = [] {
    std::vector<std::string> lines;
    std::ifstream file(EARSHOT_SOURCE_DIR "/../shared/sentiment/dev/speed_tweets.txt");
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (lines.empty())
      lines = {"Still waiting on hold for 2 hours, third time this week!! Not happy :(",
               "Thanks for the great service, you rock",
               "@acme where is my order? tracking has not moved since monday https://t.co/x",
               "Loving the new update, so smooth #happy"};
    return lines;
  }();
  return all;
}

std::size_t total_bytes() {
  std::size_t sum = 0;
  for (const auto& post : posts()) sum += post.size();
  return sum;
}

const Analyser& analyser() {
  static const auto made = std::move(*Analyser::create({}));
  return *made;
}

void report(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * posts().size()));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * total_bytes()));
}

void tokenize(benchmark::State& state) {
  const Tokenizer tokenizer;
  TokenBuffer buffer;
  for (auto _ : state)
    for (const auto& post : posts()) {
      tokenizer.tokenize(post, buffer);
      benchmark::DoNotOptimize(buffer.tokens().data());
    }
  report(state);
}

void sentiment(benchmark::State& state) {
  Scratch scratch;
  for (auto _ : state)
    for (const auto& post : posts()) {
      auto s = analyser().sentiment(post, "en", scratch);
      benchmark::DoNotOptimize(s);
    }
  report(state);
}

void analyse(benchmark::State& state) {
  Scratch scratch;
  for (auto _ : state)
    for (const auto& post : posts()) {
      auto verdict = analyser().analyse(post, state.range(0) == 0 ? "" : "en", WithEvidence::no, scratch);
      benchmark::DoNotOptimize(verdict);
    }
  report(state);
}

BENCHMARK(tokenize)->Unit(benchmark::kMillisecond);
BENCHMARK(sentiment)->Unit(benchmark::kMillisecond);
BENCHMARK(analyse)->ArgName("hinted")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

bool checks() {
  Scratch warm;
  for (const auto& post : posts()) analyser().analyse(post, "", WithEvidence::no, warm);
  for (std::size_t i = 0; i < posts().size(); i += 37) {
    Scratch fresh;
    if (analyser().analyse(posts()[i], "", WithEvidence::no, warm) !=
        analyser().analyse(posts()[i], "", WithEvidence::no, fresh))
      return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (!checks()) {
    std::cerr << "a warm scratch changes verdicts\n";
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
