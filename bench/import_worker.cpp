// Posts per second of one worker of an import: lines to mentions, mentions to a batch that is ready for the
// writer. Input: import_worker_bench POSTS.ndjson, as bench/make_posts.py writes them. Before timing, every
// line must have become a mention with one verdict.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "connectors/import/import_reader.hpp"
#include "daemon/pipeline.hpp"

using namespace earshot;
using connectors::import::ImportBatch;
using connectors::import::ImportOptions;
using connectors::import::ImportReader;

namespace {

std::string lines;
std::shared_ptr<const daemon::Pipeline> pipeline;

ImportBatch read() {
  ImportBatch out;
  ImportReader reader(ImportOptions{.platform = "bench", .now = from_ms(1'790'000'000'000), .columns = {}});
  reader.push(lines, out);
  reader.finish(out);
  return out;
}

store::Batch process(ImportBatch read) {
  Page page;
  page.mentions.reserve(read.mentions.size());
  for (auto& item : read.mentions) page.mentions.push_back(std::move(item.mention));
  const daemon::PageOrigin origin{.source = SourceId{1}, .stream = "import", .about = BrandId{1}};
  return pipeline->process(std::move(page), origin, from_ms(1'790'000'000'000));
}

void read_lines(benchmark::State& state) {
  std::size_t posts = 0;
  for (auto _ : state) posts += read().mentions.size();
  state.SetItemsProcessed(static_cast<std::int64_t>(posts));
}

void lines_to_batch(benchmark::State& state) {
  std::size_t posts = 0;
  for (auto _ : state) posts += process(read()).mentions.size();
  state.SetItemsProcessed(static_cast<std::int64_t>(posts));
}

BENCHMARK(read_lines)->Unit(benchmark::kMillisecond);
BENCHMARK(lines_to_batch)->Unit(benchmark::kMillisecond);

bool prepare(const char* path) {
  std::ifstream file(path, std::ios::binary);
  lines.assign(std::istreambuf_iterator<char>(file), {});
  auto made = daemon::Pipeline::create(
      {Brand{.id = BrandId{1}, .name = "Acme"}, Brand{.id = BrandId{2}, .name = "Globex"}}, {});
  if (!made) return false;
  pipeline = *made;
  const auto posts = static_cast<std::size_t>(std::ranges::count(lines, '\n'));
  const auto batch = process(read());
  return posts > 0 && batch.mentions.size() == posts &&
         std::ranges::all_of(batch.mentions, [](const auto& item) { return !item.verdicts.empty(); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || !prepare(argv[1])) {
    std::cerr << "import_worker_bench POSTS.ndjson: there is none, or not every line is a mention\n";
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
