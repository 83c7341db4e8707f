// links: the pages that answer what people ask, and the questions that have none.
#include <cstdio>

#include "core/base/text.hpp"
#include "daemon/api/content_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

void print_page(const store::PageRow& page) {
  std::printf("%s  %s\n", paint(Colour::bold, page.title).c_str(),
              paint(Colour::dim, page.configured ? "[[link]]" : "learned from replies").c_str());
  std::printf("    %s\n", printable(page.url).c_str());
  std::printf("    fits %lld questions of %lld people; %lld replies link to it%s\n",
              static_cast<long long>(page.questions), static_cast<long long>(page.askers),
              static_cast<long long>(page.replies),
              page.reply ? (", the last: earshot explain " + std::to_string(page.reply->value)).c_str() : "");
}

}  // namespace

int links(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  if (options.json) return print_json(api::links_json(**reader, *brand, options.limit));
  if (!options.missing) {
    const auto pages = (*reader)->content().pages(brand->id);
    if (!pages) return fail(pages.error().message);
    for (std::size_t i = 0; i < pages->size() && i < options.limit; ++i) print_page((*pages)[i]);
    if (pages->empty())
      std::printf("No page is known: name some as [[link]]; those that replies link to are learned.\n");
    return 0;
  }
  const auto missing = api::without_page(**reader, brand->id, options.limit);
  if (!missing) return fail(missing.error().message);
  int rank = 0;
  for (const auto& idea : *missing) print_idea(idea, ++rank);
  if (missing->empty()) std::printf("Every question has a page.\n");
  return 0;
}

CommandSpec links_command() {
  return {.name = "links",
          .group = CommandGroup::look,
          .purpose = "Pages that answer what people ask, and questions without one",
          .examples =
              "  earshot links --brand Acme\n"
              "  earshot links --missing   questions without a page, most askers first",
          .run = links,
          .options = OptionList{
              {.names = "--brand",
               .target = &Options::brand,
               .help = "The brand (default: the first)",
               .kind = ValueKind::brand},
              {.names = "--missing", .target = &Options::missing, .help = "Questions without a page instead"},
              json_option(),
              limit_option(500)}};
}

}  // namespace earshot::cli
