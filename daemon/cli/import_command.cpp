// import: a file of mentions through the same path as everything that is polled.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "connectors/import/import_reader.hpp"
#include "core/base/text.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/pipeline.hpp"
#include "daemon/prepare.hpp"

namespace earshot::cli {
namespace {

/// Mentions per transaction: large enough that the sync at its end does not count, small enough to stay in
/// cache.
constexpr std::size_t batch_mentions = 2'000;
constexpr std::size_t chunk_bytes = 1 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

/// Gathers mentions into pages and writes each page as one transaction.
class Importer {
 public:
  Importer(store::Store& store, const daemon::Pipeline& pipeline, daemon::PageOrigin origin)
      : store_(store), pipeline_(pipeline), origin_(std::move(origin)) {}

  Status add(Mention mention) {
    page_.mentions.push_back(std::move(mention));
    return page_.mentions.size() < batch_mentions ? Status(Done{}) : flush();
  }

  Status flush() {
    if (page_.mentions.empty()) return Done{};
    auto batch = pipeline_.process(std::exchange(page_, {}), origin_, SystemClock().now());
    auto receipts = store_.write(std::span(&batch, 1));
    if (!receipts) return unexpected(receipts.error());
    const auto& receipt = receipts->front();
    origin_.epoch = receipt.epoch;
    total.stored += receipt.stored;
    total.duplicate += receipt.duplicate;
    total.updated += receipt.updated;
    total.unmatched += receipt.unmatched;
    return Done{};
  }

  store::Receipt total;

 private:
  store::Store& store_;
  const daemon::Pipeline& pipeline_;
  daemon::PageOrigin origin_;
  Page page_;
};

Result<connectors::import::ImportOptions> reader_options(const Options& options) {
  using connectors::import::Format;
  connectors::import::ImportOptions out{
      .format = Format::ndjson, .platform = options.name, .now = SystemClock().now(), .columns = {}};
  auto format = options.format;
  if (format.empty()) format = options.file.ends_with(".csv") ? "csv" : "ndjson";
  if (format != "ndjson" && format != "csv")
    return unexpected(ErrorKind::invalid, "--format is ndjson or csv");
  if (format == "csv") out.format = Format::csv;
  if (out.platform.empty() && out.format == Format::csv) out.platform = "import";
  for (const auto& pair : options.columns) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return unexpected(ErrorKind::invalid, "--column is FIELD=NAME, such as --column text=Comment");
    out.columns[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return out;
}

}  // namespace

int import(const Options& options) {
  if (options.source.empty()) return fail("import needs --source NAME, under which the mentions are kept", 2);
  auto import_options = reader_options(options);
  if (!import_options) return fail(import_options.error().message, 2);
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  if (!options.database.empty()) config->database = options.database;
  std::unique_ptr<std::FILE, CloseFile> file(options.file == "-" ? stdin
                                                                 : std::fopen(options.file.c_str(), "rb"));
  if (!file) return fail("cannot read " + options.file, 2);

  auto store = store::open_store(config->database);
  if (!store) return fail(store.error().message);
  std::vector<BrandId> ids;
  for (const auto& brand : config->brands) {
    auto id = (*store)->ensure_brand(brand.name);
    if (!id) return fail(id.error().message);
    ids.push_back(*id);
  }
  config->sources.clear();
  auto prepared = daemon::prepare(*config, ids);
  if (!prepared) return fail(prepared.error().message);
  auto source = (*store)->ensure_source(options.source, "import");
  if (!source) return fail(source.error().message);
  auto stream = (*store)->stream(*source, "import");
  if (!stream) return fail(stream.error().message);
  daemon::PageOrigin origin{.source = *source, .stream = "import", .epoch = stream->epoch};
  if (!options.brand.empty()) {
    const auto found = std::ranges::find(prepared->brands, options.brand, &Brand::name);
    if (found == prepared->brands.end())
      return fail("there is no brand '" + options.brand + "' in " + options.config_path, 2);
    origin.about = found->id;
  }

  Importer importer(**store, *prepared->pipeline, origin);
  connectors::import::ImportReader reader(std::move(*import_options));
  connectors::import::ImportBatch batch;
  std::size_t bad = 0;
  const auto drain = [&]() -> Status {
    for (const auto& error : batch.errors) {
      ++bad;
      std::fprintf(stderr, "%s:%zu: %s\n", options.file.c_str(), error.line, printable(error.reason).c_str());
    }
    for (auto& item : batch.mentions)
      if (auto status = importer.add(std::move(item.mention)); !status) return status;
    batch = {};
    return Done{};
  };
  std::string chunk(chunk_bytes, '\0');
  Status status = Done{};
  for (;;) {
    const auto got = std::fread(chunk.data(), 1, chunk.size(), file.get());
    if (got > 0)
      reader.push(std::string_view(chunk).substr(0, got), batch);
    else
      reader.finish(batch);
    status = drain();
    if (!status || got == 0) break;
  }
  if (status) status = importer.flush();
  const auto& total = importer.total;
  std::fprintf(stderr, "%lld new, %lld known, %lld changed, %lld of no brand, %zu bad lines\n",
               static_cast<long long>(total.stored), static_cast<long long>(total.duplicate),
               static_cast<long long>(total.updated), static_cast<long long>(total.unmatched), bad);
  if (!status)
    return fail(status.error().message +
                "; what was counted above is stored, run the import again for the rest");
  if (std::ferror(file.get())) return fail("reading " + options.file + " failed before its end");
  return bad == 0 ? 0 : 1;
}

}  // namespace earshot::cli
