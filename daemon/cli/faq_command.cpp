// faq: questions with their best public answers, as Markdown or JSON-LD.
#include <cstdio>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/content_pages.hpp"
#include "delivery/atomic_file.hpp"

namespace earshot::cli {

int faq(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto entries = daemon::faq_of(**reader, *brand, options.limit);
  if (!entries) return fail(entries.error().message);
  const auto page = options.format == "jsonld"
                        ? delivery::faq_json_ld(brand->name, *entries)
                        : delivery::faq_markdown(brand->name, *entries, SystemClock().now());
  if (options.output.empty()) {
    std::fwrite(page.data(), 1, page.size(), stdout);
    return 0;
  }
  auto status = delivery::write_atomically(options.output, page);
  return status ? 0 : fail(status.error().message);
}

CommandSpec faq_command() {
  return {.name = "faq",
          .group = CommandGroup::look,
          .purpose = "Questions with their best public answers, as a page",
          .examples =
              "  earshot faq --brand Acme --output faq.md\n"
              "  earshot faq --format jsonld        schema.org FAQPage, for a <script> of your page",
          .run = faq,
          .options = OptionList{{.names = "--brand",
                                 .target = &Options::brand,
                                 .help = "The brand (default: the first)",
                                 .kind = ValueKind::brand},
                                {.names = "--format",
                                 .target = &Options::format,
                                 .help = "markdown or jsonld (default: markdown)",
                                 .choices = {"markdown", "jsonld"}},
                                {.names = "--output",
                                 .target = &Options::output,
                                 .help = "File (default: standard output)",
                                 .kind = ValueKind::file},
                                limit_option(200, "How many questions")}};
}

}  // namespace earshot::cli
