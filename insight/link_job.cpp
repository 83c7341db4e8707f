#include "insight/link_job.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "analysis/content/pages.hpp"
#include "core/base/url.hpp"
#include "insight/dialogue.hpp"
#include "insight/memory.hpp"

namespace earshot::insight {
namespace {

constexpr std::size_t links_max = 50'000, learned_max = 300, read_max = 12;
/// What a question is about stands in its commonest words; the rest is how one of its askers put it.
constexpr std::size_t question_terms_max = 4, page_terms_max = 8;
/// One reply may link to anything; a page that two people were sent to is one that answers.
constexpr std::size_t sent_people_min = 2;

/// A page that replies link to.
struct Learned {
  std::int64_t replies = 0;
  MentionId newest = {};
  std::set<std::uint64_t> people = {};
  std::vector<MentionId> questions = {};  ///< that these replies answer
};

/// Rows that each of the brand's own posts answers.
std::unordered_map<MentionId, std::vector<std::size_t>> answered_by(const Dialogue& dialogue) {
  std::unordered_map<MentionId, std::vector<std::size_t>> out;
  for (std::size_t i = 0; i < dialogue.rows.size(); ++i)
    if (const auto& own = dialogue.answers[i].own) out[dialogue.rows[*own].id].push_back(i);
  return out;
}

Result<std::map<std::string, Learned>> learn(const JobInput& input, const Dialogue& dialogue) {
  Memory fresh;
  auto& days = input.memory ? input.memory->links : fresh.links;
  const auto marks = marks_since(input, dialogue.since);
  if (!marks) return unexpected(marks.error());
  auto status = renew(days, *marks, links_max, [&](const store::DayMark& mark) -> Result<LinkDay> {
    const auto page = page_of(input, mark);
    auto links = input.reader.content().own_links(input.brand, page.since, page.until, links_max);
    if (!links) return unexpected(links.error());
    LinkDay day;
    day.links = std::move(*links);
    return day;
  });
  if (!status) return unexpected(status.error());
  const auto answered = answered_by(dialogue);
  std::map<std::string, Learned> out;
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    for (const auto& link : day->second.links) {
      const auto found = answered.find(link.mention);
      if (found == answered.end()) continue;
      const auto url = canonical_url(link.url);
      const auto parts = parse_url(url);
      // The front page answers nothing by itself.
      if (!parts || (parts->path.size() < 2 && !parts->query)) continue;
      auto& page = out[url];
      ++page.replies;
      page.newest = std::max(page.newest, link.mention);
      for (const auto i : found->second) {
        page.people.insert(dialogue.rows[i].author_key);
        page.questions.push_back(dialogue.rows[i].id);
      }
    }
  }
  std::erase_if(out, [](const auto& one) { return one.second.people.size() < sent_people_min; });
  return out;
}

void add_keys(std::vector<std::string>& out, const std::vector<analysis::Term>& terms) {
  for (const auto& term : terms)
    if (std::ranges::find(out, term.key) == out.end()) out.push_back(term.key);
}

/// What questions have in common: terms of two or more of them, commonest first, and how one asker spelt
/// each.
struct Common {
  std::vector<std::string> keys = {};
  std::map<std::string, std::string> words = {};
};

/// Of the last `read_max` of them; each is counted in `rarity` where that is given.
Result<Common> common_terms(const JobInput& input, const std::vector<MentionId>& questions,
                            analysis::TermReader& reader, std::size_t terms_max,
                            analysis::TermRarity* rarity) {
  std::map<std::string, int> count;
  Common out;
  const auto first = questions.size() - std::min(questions.size(), read_max);
  for (std::size_t i = first; i < questions.size(); ++i) {
    const auto rows = input.reader.mention(questions[i]);
    if (!rows && rows.error().kind == ErrorKind::invalid) continue;
    if (!rows) return unexpected(rows.error());
    const auto terms = reader.terms(rows->front().title + "\n" + rows->front().text);
    if (rarity) rarity->add(terms);
    std::vector<std::string> keys;
    add_keys(keys, terms);
    for (const auto& key : keys) ++count[key];
    for (const auto& term : terms) out.words.emplace(term.key, term.word);
  }
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [key, n] : count)
    if (n >= 2) order.emplace_back(-n, key);
  std::ranges::sort(order);
  for (const auto& [n, key] : order)
    if (out.keys.size() < terms_max) out.keys.push_back(key);
  return out;
}

std::string page_title(const std::string& url) {
  const auto parts = parse_url(url);
  auto words = parts ? analysis::address_words(percent_decode(parts->path)) : std::string();
  return words.empty() ? url : words;
}

}  // namespace

Result<store::PageFindings> link_job(const JobInput& input, const Dialogue& dialogue,
                                     const std::vector<store::IdeaRow>& ideas,
                                     const std::vector<KnownPage>& known) {
  auto learned = learn(input, dialogue);
  if (!learned) return unexpected(learned.error());
  auto names = input.names;
  names.push_back(input.brand_name);
  analysis::TermReader reader(names);
  store::PageFindings out;
  std::vector<std::vector<std::string>> pages;
  const auto add = [&](store::PageRow row, std::vector<std::string> keys) {
    if (std::ranges::find(out.pages, row.url, &store::PageRow::url) != out.pages.end()) return;
    out.pages.push_back(std::move(row));
    pages.push_back(std::move(keys));
  };
  for (const auto& page : known) {
    std::vector<std::string> keys;
    add_keys(keys, reader.terms(page.title));
    for (const auto& word : page.words) add_keys(keys, reader.terms(word));
    store::PageRow row{.url = page.url, .title = page.title, .configured = true};
    if (const auto found = learned->find(page.url); found != learned->end()) {
      row.replies = found->second.replies;
      row.reply = found->second.newest;
    }
    add(std::move(row), std::move(keys));
  }
  std::vector<const std::pair<const std::string, Learned>*> order;
  for (const auto& one : *learned) order.push_back(&one);
  std::ranges::stable_sort(
      order, [](const auto* a, const auto* b) { return a->second.replies > b->second.replies; });
  if (order.size() > learned_max) order.resize(learned_max);
  for (const auto* one : order) {
    auto common = common_terms(input, one->second.questions, reader, page_terms_max, nullptr);
    if (!common) return unexpected(common.error());
    const auto title = page_title(one->first);
    add_keys(common->keys, reader.terms(title));
    add({.url = one->first, .title = title, .replies = one->second.replies, .reply = one->second.newest},
        std::move(common->keys));
  }

  std::vector<Common> asked;
  analysis::TermRarity rarity;
  for (const auto& idea : ideas) {
    auto common = common_terms(input, idea.members, reader, question_terms_max, &rarity);
    if (!common) return unexpected(common.error());
    asked.push_back(std::move(*common));
  }
  for (std::size_t i = 0; i < ideas.size(); ++i) {
    const auto fit = analysis::best_page(asked[i].keys, pages, rarity);
    if (!fit) continue;
    const auto& page = out.pages[fit->page];
    store::IdeaPage match{.url = page.url, .title = page.title, .score = fit->score};
    for (const auto& key : fit->terms) match.terms.push_back(asked[i].words.at(key));
    out.matches.push_back({.idea = ideas[i].key, .page = std::move(match)});
  }
  return out;
}

}  // namespace earshot::insight
