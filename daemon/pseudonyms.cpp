#include "daemon/pseudonyms.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/text.hpp"
#include "core/base/url.hpp"

namespace earshot::daemon {
namespace {

/// Where sites keep people's pages, as the part of a path before the name.
constexpr std::array<std::string_view, 10> persons_places = {
    "user", "users", "u", "profile", "profiles", "people", "in", "member", "members", "author"};
/// Sites where every path begins with an account.
constexpr std::array<std::string_view, 8> sites_of_accounts = {"x.com",        "twitter.com", "instagram.com",
                                                               "facebook.com", "threads.net", "t.me",
                                                               "github.com",   "tiktok.com"};

constexpr int rounds_max = 8;

std::string bare(std::string_view handle) {
  if (handle.starts_with('@')) handle.remove_prefix(1);
  return fold_case(handle);
}

bool leads_to_somebody(const Url& url) {
  if (url.path.find('@') != std::string::npos || url.path.find("did:") != std::string::npos ||
      url.path.find("%40") != std::string::npos)
    return true;
  std::string_view host = url.host;
  if (host.starts_with("www.")) host.remove_prefix(4);
  if (url.path.size() > 1 && std::ranges::find(sites_of_accounts, host) != sites_of_accounts.end())
    return true;
  const auto parts = split(url.path, '/');
  return std::ranges::any_of(parts, [](std::string_view part) {
    return std::ranges::find(persons_places, part) != persons_places.end();
  });
}

/// A word that begins like a link is one to its end: tokens break it at an '@', behind which a name stands.
std::size_t end_of_link(std::string_view text, std::size_t from, const std::size_t token_end) {
  auto to = token_end;
  if (text.substr(from, to - from).find("://") == std::string_view::npos) return to;
  constexpr std::string_view ends = "<>\"'()";
  while (to < text.size() && text[to] > ' ' && text[to] < 0x7F &&
         ends.find(text[to]) == std::string_view::npos)
    ++to;
  // What is no address has names like other text.
  return parse_url(text.substr(from, to - from)) ? to : token_end;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// "@ann.smith.example" is one name, of which the token may be the beginning.
std::size_t end_of_handle(std::string_view text, std::size_t to) {
  while (to + 1 < text.size() && (text[to] == '.' || text[to] == '-' || text[to] == '@') &&
         is_word(text[to + 1]))
    for (++to; to < text.size() && is_word(text[to]);) ++to;
  return to;
}

bool names_somebody(std::string_view id) {
  return id.find("://") != std::string_view::npos || id.find('@') != std::string_view::npos ||
         id.starts_with("did:");
}

}  // namespace

Pseudonyms::Pseudonyms(std::shared_ptr<const store::KeyedHash> key, const std::vector<Brand>& brands)
    : key_(std::move(key)) {
  for (const auto& brand : brands)
    for (const auto* names : {&brand.handles, &brand.own_accounts})
      for (const auto& name : *names) brands_.insert(bare(name));
}

bool Pseudonyms::is_brand(std::string_view folded_handle) const {
  // On federated platforms the site comes after the name.
  const auto site = folded_handle.find('@');
  return brands_.contains(std::string(folded_handle)) ||
         (site != std::string_view::npos && brands_.contains(std::string(folded_handle.substr(0, site))));
}

std::string Pseudonyms::cover_text(std::string text) const {
  if (text.find('@') == std::string::npos && text.find("://") == std::string::npos) return text;
  // "@a@b.example@c": what stands right behind a name that was replaced may be read with the pseudonym.
  for (int i = 0; i < rounds_max; ++i) {
    auto covered = cover_once(text);
    if (covered == text) break;
    text = std::move(covered);
  }
  return text;
}

std::string Pseudonyms::cover_once(std::string_view text) const {
  using analysis::TokenKind;
  thread_local analysis::TokenBuffer words;
  tokenizer_.tokenize(text, words);
  std::string out;
  std::size_t done = 0;
  for (const auto& token : words.tokens()) {
    if (token.kind != TokenKind::handle && token.kind != TokenKind::url) continue;
    const std::size_t from = token.span.begin;
    if (from < done) continue;
    auto to = static_cast<std::size_t>(token.span.end);
    if (token.kind == TokenKind::url) to = end_of_link(text, from, to);
    const bool brand = token.kind == TokenKind::handle && is_brand(bare(text.substr(from, to - from)));
    if (token.kind == TokenKind::handle && !brand) to = end_of_handle(text, to);
    const auto written = text.substr(from, to - from);
    std::string instead;
    if (token.kind == TokenKind::handle)
      instead = brand ? std::string(written) : "@" + key_->pseudonym(written);
    else if (written.find("://") != std::string_view::npos)
      instead = cover_link(std::string(written));
    else
      instead = written.find('@') == std::string_view::npos ? std::string(written) : key_->pseudonym(written);
    out.append(text.substr(done, from - done)).append(instead);
    done = to;
  }
  return out.append(text.substr(done));
}

std::string Pseudonyms::cover_link(const std::string& link) const {
  const auto url = parse_url(link);
  if (!url || !(leads_to_somebody(*url) || !url->userinfo.empty())) return link;
  return url->origin() + "/";
}

std::string Pseudonyms::cover_id(std::string_view native_id) const {
  constexpr std::string_view mark = "pseudonym:";
  if (native_id.starts_with(mark) || !names_somebody(native_id)) return std::string(native_id);
  auto out = std::string(mark) + key_->pseudonym(native_id);
  if (native_id.starts_with("at://")) out += native_id.substr(native_id.rfind('/'));
  return out;
}

void Pseudonyms::cover_words(Mention& mention) const {
  mention.text = cover_text(mention.text);
  mention.title = cover_text(mention.title);
  for (auto& link : mention.links) link = cover_link(link);
}

void Pseudonyms::cover_author(Mention& mention, bool own) const {
  auto& author = mention.author;
  if (!own) {
    for (auto* name : {&author.id, &author.handle})
      if (!name->empty()) *name = key_->pseudonym(*name);
    author.name.clear();
  }
  mention.url = cover_link(mention.url);
  for (auto* id : {&mention.native_id, &mention.in_reply_to, &mention.conversation}) *id = cover_id(*id);
  mention.extra.clear();
  mention.raw.clear();
}

void Pseudonyms::cover(Withdrawal& withdrawal) const {
  withdrawal.native_id = cover_id(withdrawal.native_id);
  if (!withdrawal.author_id.empty()) withdrawal.author_id = key_->pseudonym(withdrawal.author_id);
}

}  // namespace earshot::daemon
