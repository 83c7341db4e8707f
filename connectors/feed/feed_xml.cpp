#include <algorithm>
#include <charconv>

#include "connectors/feed/feed_document.hpp"
#include "connectors/feed/web_page.hpp"
#include "connectors/xml_reader.hpp"
#include "core/base/html_text.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::feed {
namespace {

constexpr std::string_view xml_ns = "http://www.w3.org/xml/1998/namespace";
constexpr std::string_view rdf_ns = "http://www.w3.org/1999/02/22-rdf-syntax-ns";

/// Vocabularies by what they mean to us; spellings of one namespace differ between feeds.
enum class Vocabulary {
  core,
  atom,
  dc,
  content,
  media,
  itunes,
  thread,
  slash,
  syndication,
  xhtml,
  rdf,
  other
};

Vocabulary vocabulary(std::string_view ns) {
  if (ns.empty()) return Vocabulary::core;
  if (ns == "http://www.w3.org/2005/atom" || ns.find("purl.org/atom/ns") != std::string_view::npos ||
      ns == "http://example.com/necho/ns")
    return Vocabulary::atom;
  if (ns.starts_with("http://purl.org/dc/elements") || ns == "http://purl.org/dc/terms")
    return Vocabulary::dc;
  if (ns.starts_with("http://purl.org/rss/1.0/modules/content")) return Vocabulary::content;
  if (ns.starts_with("http://purl.org/rss/1.0/modules/slash")) return Vocabulary::slash;
  if (ns.starts_with("http://purl.org/rss/1.0/modules/syndication")) return Vocabulary::syndication;
  if (ns.find("search.yahoo.com/mrss") != std::string_view::npos) return Vocabulary::media;
  if (ns.find("itunes.com/dtds/podcast") != std::string_view::npos) return Vocabulary::itunes;
  if (ns == "http://purl.org/syndication/thread/1.0") return Vocabulary::thread;
  if (ns == "http://www.w3.org/1999/xhtml" || ns == "http://www.w3.org/tr/rec-html40")
    return Vocabulary::xhtml;
  if (ns == rdf_ns) return Vocabulary::rdf;
  const bool core = ns == "http://purl.org/rss/1.0" || ns == "http://purl.org/net/rss1.1" ||
                    ns == "http://my.netscape.com/rdf/simple/0.9" ||
                    ns == "http://channel.netscape.com/rdf/simple/0.9" ||
                    ns.find("backend.userland.com/rss") != std::string_view::npos ||
                    ns.find("blogs.law.harvard.edu/tech/rss") != std::string_view::npos ||
                    ns.find("cyber.law.harvard.edu/rss") != std::string_view::npos ||
                    ns == "http://www.rssboard.org/rss-specification" || ns == "rss2.0";
  return core ? Vocabulary::core : Vocabulary::other;
}

bool is(const XmlNode& node, Vocabulary words, std::string_view name) {
  return ascii_iequals(node.name, name) && vocabulary(node.ns) == words;
}

const XmlNode* find(const XmlNode& parent, Vocabulary words, std::string_view name) {
  for (const auto& child : parent.children)
    if (is(child, words, name)) return &child;
  return nullptr;
}

/// The first child with something in it.
std::string text_of(const XmlNode& parent, Vocabulary words, std::string_view name) {
  for (const auto& child : parent.children) {
    if (!is(child, words, name)) continue;
    auto text = child.inner_text();
    if (!trim(text).empty()) return std::string(trim(text));
  }
  return {};
}

std::string base_of(const XmlNode& node, const std::string& outer) {
  const auto base = node.attribute("base", xml_ns);
  return base.empty() ? outer : resolve_url(outer, base);
}

std::string lang_of(const XmlNode& node, const std::string& outer) {
  return node.has_attribute("lang", xml_ns) ? std::string(node.attribute("lang", xml_ns)) : outer;
}

std::string decode_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t digit = 0;
    if (c >= 'A' && c <= 'Z')
      digit = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      digit = static_cast<std::uint32_t>(c - 'a') + 26;
    else if (c >= '0' && c <= '9')
      digit = static_cast<std::uint32_t>(c - '0') + 52;
    else if (c == '+')
      digit = 62;
    else if (c == '/')
      digit = 63;
    else
      continue;
    bits = bits << 6 | digit;
    if ((count += 6) >= 8) out.push_back(static_cast<char>(bits >> (count -= 8) & 0xFF));
  }
  return out;
}

struct Content {
  std::string text;
  bool html = false;
};

/// An Atom text construct, in the rules of 1.0 or 0.3.
Content atom_content(const XmlNode& node) {
  const auto type = ascii_lower(node.attribute("type"));
  const auto mode = ascii_lower(node.attribute("mode"));
  const bool has_elements =
      std::ranges::any_of(node.children, [](const XmlNode& child) { return !child.is_text(); });
  if (mode == "base64") return {decode_base64(node.inner_text()), type.find("html") != std::string::npos};
  if (mode == "escaped") return {node.inner_text(), type.empty() || type.find("html") != std::string::npos};
  if (type == "xhtml" || type == "application/xhtml+xml" || has_elements) return {node.inner_html(), true};
  if (type.find("html") != std::string::npos) return {node.inner_text(), true};
  const bool plain = type.empty() || type == "text" || type.starts_with("text/");
  if (!plain && type.find("xml") == std::string::npos && type.find('/') != std::string::npos)
    return {decode_base64(node.inner_text()), false};
  return {node.inner_text(), false};
}

std::string as_plain(const Content& content) {
  return content.html ? squeeze_space(html_to_text(content.text).text) : squeeze_space(content.text);
}

/// RSS does not say whether a title is HTML; nearly all readers take it so when it looks like it.
std::string rss_title(const XmlNode& node) {
  const bool has_elements =
      std::ranges::any_of(node.children, [](const XmlNode& child) { return !child.is_text(); });
  const auto text = has_elements ? node.inner_html() : node.inner_text();
  return squeeze_space(looks_like_html(text) ? html_to_text(text).text : text);
}

/// "mail@example.org (Name)", "Name <mail@example.org>", "Name" or a bare address.
Person person_from(std::string_view text) {
  Person person;
  text = trim(text);
  const auto at = text.find('@');
  if (at == std::string_view::npos) {
    person.name = squeeze_space(text);
    return person;
  }
  const auto stop = [](char c) {
    return c == ' ' || c == '(' || c == ')' || c == '<' || c == '>' || c == '"' || c == ',' || c == '\n' ||
           c == '\t';
  };
  auto begin = at;
  auto end = at;
  while (begin > 0 && !stop(text[begin - 1])) --begin;
  while (end < text.size() && !stop(text[end])) ++end;
  person.email = text.substr(begin, end - begin);
  std::string rest = std::string(text.substr(0, begin)) + std::string(text.substr(end));
  std::erase_if(rest, [](char c) { return c == '(' || c == ')' || c == '<' || c == '>' || c == '"'; });
  person.name = squeeze_space(rest);
  return person;
}

Person atom_person(const XmlNode& node) {
  Person person{text_of(node, Vocabulary::atom, "name"), text_of(node, Vocabulary::atom, "email"),
                text_of(node, Vocabulary::atom, "uri")};
  if (person.url.empty()) person.url = text_of(node, Vocabulary::atom, "url");
  if (person.name.empty() && person.email.empty() && person.url.empty())
    person = person_from(node.inner_text());
  return person;
}

void set_time(std::optional<Timestamp>& slot, Entry& entry, const std::string& text) {
  if (text.empty() || slot) return;
  slot = parse_time(text);
  if (!slot) entry.raw_dates = text;
}

/// The page an entry or feed stands for: rel="alternate", HTML before other types.
std::string atom_link(const XmlNode& parent, const std::string& base, Vocabulary words) {
  std::string other;
  for (const auto& child : parent.children) {
    if (!is(child, words, "link")) continue;
    const auto rel = ascii_lower(child.attribute("rel"));
    if (!rel.empty() && rel != "alternate") continue;
    const auto href = child.has_attribute("href") ? std::string(child.attribute("href"))
                                                  : std::string(trim(child.inner_text()));
    if (href.empty()) continue;
    const auto type = child.attribute("type");
    auto url = resolve_url(base_of(child, base), href);
    if (type.empty() || type.find("html") != std::string_view::npos) return url;
    if (other.empty()) other = std::move(url);
  }
  return other;
}

/// `rel` may hold several relations, and many RSS feeds write Atom's link without its namespace.
std::string link_with_rel(const XmlNode& parent, const std::string& base, std::string_view rel) {
  for (const auto& child : parent.children) {
    if (!is(child, Vocabulary::atom, "link") && !is(child, Vocabulary::core, "link")) continue;
    const auto written = squeeze_space(child.attribute("rel"));
    const auto relations = split(written, ' ');
    const bool meant = std::ranges::any_of(
        relations, [&](std::string_view relation) { return ascii_iequals(relation, rel); });
    if (meant && !child.attribute("href").empty())
      return resolve_url(base_of(child, base), child.attribute("href"));
  }
  return {};
}

void read_hub(const XmlNode& parent, const std::string& base, Document& document) {
  document.hub = link_with_rel(parent, base, "hub");
  document.self = link_with_rel(parent, base, "self");
}

std::optional<std::int64_t> count_from(std::string_view text) {
  std::int64_t value = 0;
  text = trim(text);
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end == text.data() || value < 0) return std::nullopt;
  return value;
}

/// Parts that any format may carry: threading, media and podcast extensions, Dublin Core.
void read_extensions(const XmlNode& node, Entry& entry, const std::string& base) {
  if (const auto* reply = find(node, Vocabulary::thread, "in-reply-to")) {
    entry.in_reply_to = reply->attribute("ref");
    if (entry.in_reply_to.empty()) entry.in_reply_to = reply->attribute("href");
  }
  entry.comments = count_from(text_of(node, Vocabulary::slash, "comments"));
  if (!entry.comments) entry.comments = count_from(text_of(node, Vocabulary::thread, "total"));
  if (entry.author.name.empty() && entry.author.email.empty())
    entry.author = person_from(text_of(node, Vocabulary::dc, "creator"));
  if (entry.author.name.empty() && entry.author.email.empty())
    entry.author = person_from(text_of(node, Vocabulary::dc, "author"));
  if (entry.author.name.empty() && entry.author.email.empty())
    entry.author = person_from(text_of(node, Vocabulary::itunes, "author"));
  if (entry.title.empty())
    if (const auto* title = find(node, Vocabulary::dc, "title")) entry.title = rss_title(*title);
  const auto* media = find(node, Vocabulary::media, "group");
  const auto& holder = media != nullptr ? *media : node;
  if (entry.title.empty())
    if (const auto* title = find(holder, Vocabulary::media, "title")) entry.title = rss_title(*title);
  if (entry.title.empty()) entry.title = squeeze_space(text_of(node, Vocabulary::itunes, "title"));
  if (entry.summary.empty()) entry.summary = text_of(holder, Vocabulary::media, "description");
  if (entry.summary.empty()) entry.summary = text_of(node, Vocabulary::itunes, "summary");
  if (entry.summary.empty()) entry.summary = text_of(node, Vocabulary::dc, "description");
  for (const auto& child : holder.children)
    if (is(child, Vocabulary::media, "content") && !child.attribute("url").empty() &&
        entry.enclosures.size() < 16)
      entry.enclosures.push_back(resolve_url(base, child.attribute("url")));
  for (const auto& child : node.children)
    if (is(child, Vocabulary::dc, "subject")) entry.categories.push_back(squeeze_space(child.inner_text()));
  set_time(entry.published, entry, text_of(node, Vocabulary::dc, "date"));
  set_time(entry.published, entry, text_of(node, Vocabulary::dc, "created"));
  set_time(entry.published, entry, text_of(node, Vocabulary::dc, "issued"));
  set_time(entry.updated, entry, text_of(node, Vocabulary::dc, "modified"));
}

Entry atom_entry(const XmlNode& node, const std::string& outer_base, const std::string& outer_lang) {
  const auto base = base_of(node, outer_base);
  Entry entry;
  entry.lang = lang_of(node, outer_lang);
  entry.id = text_of(node, Vocabulary::atom, "id");
  if (const auto* title = find(node, Vocabulary::atom, "title")) entry.title = as_plain(atom_content(*title));
  entry.link = atom_link(node, base, Vocabulary::atom);
  for (const auto* name : {"content", "summary"}) {
    const auto* part = find(node, Vocabulary::atom, name);
    if (part == nullptr) continue;
    auto content = atom_content(*part);
    if (name[0] == 'c') {
      entry.content = std::move(content.text);
      entry.content_is_html = content.html;
      if (entry.link.empty() && !part->attribute("src").empty())
        entry.link = resolve_url(base_of(*part, base), part->attribute("src"));
    } else {
      entry.summary = content.html ? std::move(content.text) : escape_html(content.text);
    }
  }
  if (const auto* author = find(node, Vocabulary::atom, "author")) entry.author = atom_person(*author);
  for (const auto* name : {"published", "issued", "created"})
    set_time(entry.published, entry, text_of(node, Vocabulary::atom, name));
  for (const auto* name : {"updated", "modified"})
    set_time(entry.updated, entry, text_of(node, Vocabulary::atom, name));
  for (const auto& child : node.children) {
    if (is(child, Vocabulary::atom, "category")) {
      const auto label = child.attribute("term").empty() ? child.attribute("label") : child.attribute("term");
      entry.categories.push_back(squeeze_space(label.empty() ? child.inner_text() : std::string(label)));
    } else if (is(child, Vocabulary::atom, "link") && ascii_iequals(child.attribute("rel"), "enclosure") &&
               entry.enclosures.size() < 16) {
      entry.enclosures.push_back(resolve_url(base, child.attribute("href")));
    } else if (is(child, Vocabulary::atom, "link") && ascii_iequals(child.attribute("rel"), "replies")) {
      for (const auto& attribute : child.attributes)
        if (attribute.name == "count") entry.comments = count_from(attribute.value);
    }
  }
  const auto comments = entry.comments;
  read_extensions(node, entry, base);
  if (!entry.comments) entry.comments = comments;
  return entry;
}

Entry rss_entry(const XmlNode& node, const std::string& outer_base, const std::string& outer_lang) {
  const auto base = base_of(node, outer_base);
  Entry entry;
  entry.lang = lang_of(node, outer_lang);
  if (const auto own = text_of(node, Vocabulary::dc, "language"); !own.empty()) entry.lang = own;
  if (const auto* guid = find(node, Vocabulary::core, "guid")) {
    entry.id = trim(guid->inner_text());
    entry.id_is_link = !ascii_iequals(guid->attribute("isPermaLink"), "false");
  }
  if (entry.id.empty()) entry.id = text_of(node, Vocabulary::atom, "id");
  if (entry.id.empty()) entry.id = text_of(node, Vocabulary::dc, "identifier");
  if (entry.id.empty()) entry.id = node.attribute("about", rdf_ns);
  if (const auto* title = find(node, Vocabulary::core, "title")) entry.title = rss_title(*title);
  entry.link = atom_link(node, base, Vocabulary::core);
  if (entry.link.empty()) entry.link = atom_link(node, base, Vocabulary::atom);
  if (entry.link.empty() && entry.id_is_link && parse_url(entry.id)) entry.link = entry.id;
  if (entry.link.empty()) entry.link = std::string(node.attribute("about", rdf_ns));
  if (const auto* description = find(node, Vocabulary::core, "description")) {
    const bool has_elements =
        std::ranges::any_of(description->children, [](const XmlNode& child) { return !child.is_text(); });
    entry.summary = trim(has_elements ? description->inner_html() : description->inner_text());
  }
  entry.content = text_of(node, Vocabulary::content, "encoded");
  for (const auto* name : {"body", "div"})
    for (const auto words : {Vocabulary::xhtml, Vocabulary::core})
      if (const auto* body = find(node, words, name); body != nullptr && entry.content.empty())
        entry.content = body->inner_html();
  if (entry.content.empty())
    if (const auto* content = find(node, Vocabulary::atom, "content")) {
      auto read = atom_content(*content);
      entry.content = std::move(read.text);
      entry.content_is_html = read.html;
    }
  if (const auto* full = find(node, Vocabulary::core, "fullitem"); full != nullptr && entry.content.empty())
    entry.content = full->inner_text();
  const auto author = text_of(node, Vocabulary::core, "author");
  if (!author.empty()) entry.author = person_from(author);
  if (entry.author.name.empty())  // dc:creator names people better than the e-mail address that RSS demands
    if (auto creator = person_from(text_of(node, Vocabulary::dc, "creator")); !creator.name.empty())
      entry.author.name = creator.name;
  if (author.empty())
    if (const auto* person = find(node, Vocabulary::atom, "author")) entry.author = atom_person(*person);
  set_time(entry.published, entry, text_of(node, Vocabulary::core, "pubDate"));
  set_time(entry.published, entry, text_of(node, Vocabulary::atom, "published"));
  set_time(entry.updated, entry, text_of(node, Vocabulary::atom, "updated"));
  for (const auto& child : node.children) {
    if (is(child, Vocabulary::core, "category"))
      entry.categories.push_back(squeeze_space(child.inner_text()));
    else if (is(child, Vocabulary::core, "enclosure") && !child.attribute("url").empty() &&
             entry.enclosures.size() < 16)
      entry.enclosures.push_back(resolve_url(base, child.attribute("url")));
  }
  read_extensions(node, entry, base);
  // What was gathered from elsewhere, as by Google News, is its publisher's.
  const bool nobody = entry.author.name.empty() && entry.author.email.empty() && entry.author.url.empty();
  if (const auto* source = find(node, Vocabulary::core, "source"); source != nullptr && nobody)
    entry.author = {.name = squeeze_space(source->inner_text()),
                    .email = {},
                    .url = std::string(source->attribute("url"))};
  return entry;
}

/// Microsoft's Channel Definition Format: everything is in attributes.
void read_cdf(const XmlNode& node, Document& document, const std::string& base, int depth) {
  for (const auto& child : node.children) {
    if (ascii_iequals(child.name, "channel") && depth < 8) read_cdf(child, document, base, depth + 1);
    if (!ascii_iequals(child.name, "item")) continue;
    Entry entry;
    for (const auto& attribute : child.attributes) {
      if (ascii_iequals(attribute.name, "href")) entry.link = resolve_url(base, attribute.value);
      if (ascii_iequals(attribute.name, "lastmod")) set_time(entry.updated, entry, attribute.value);
    }
    for (const auto& part : child.children) {
      if (ascii_iequals(part.name, "title")) entry.title = rss_title(part);
      if (ascii_iequals(part.name, "abstract")) entry.summary = part.inner_text();
    }
    document.entries.push_back(std::move(entry));
  }
}

void read_atom(const XmlNode& root, Document& document, const std::string& outer) {
  const auto base = base_of(root, outer);
  document.format = "atom";
  document.lang = lang_of(root, {});
  if (const auto* title = find(root, Vocabulary::atom, "title"))
    document.title = as_plain(atom_content(*title));
  document.link = atom_link(root, base, Vocabulary::atom);
  if (const auto* author = find(root, Vocabulary::atom, "author")) document.author = atom_person(*author);
  read_hub(root, base, document);
  document.next_page = link_with_rel(root, base, "next");
  if (document.next_page.empty()) document.next_page = link_with_rel(root, base, "prev-archive");
  for (const auto& child : root.children)
    if (is(child, Vocabulary::atom, "entry"))
      document.entries.push_back(atom_entry(child, base, document.lang));
}

void read_rss(const XmlNode& root, Document& document, const std::string& outer) {
  const auto root_base = base_of(root, outer);
  const auto* channel = find(root, Vocabulary::core, "channel");
  if (channel == nullptr) channel = ascii_iequals(root.name, "channel") ? &root : nullptr;
  const auto& head = channel != nullptr ? *channel : root;
  const auto base = base_of(head, root_base);
  document.lang = text_of(head, Vocabulary::core, "language");
  if (document.lang.empty()) document.lang = text_of(head, Vocabulary::dc, "language");
  document.lang = document.lang.empty() ? lang_of(head, lang_of(root, {})) : document.lang;
  if (const auto* title = find(head, Vocabulary::core, "title")) document.title = rss_title(*title);
  document.link = atom_link(head, base, Vocabulary::core);
  document.author = person_from(text_of(head, Vocabulary::core, "managingEditor"));
  if (document.author.name.empty() && document.author.email.empty())
    document.author = person_from(text_of(head, Vocabulary::dc, "creator"));
  if (document.author.name.empty() && document.author.email.empty())
    document.author = person_from(text_of(head, Vocabulary::itunes, "author"));
  read_hub(head, base, document);
  document.next_page = link_with_rel(head, base, "next");
  if (document.next_page.empty()) document.next_page = link_with_rel(head, base, "prev-archive");
  if (const auto minutes = count_from(text_of(head, Vocabulary::core, "ttl"));
      minutes && *minutes > 0 && *minutes < 100'000)
    document.ttl = std::chrono::minutes(*minutes);
  const auto collect = [&](const XmlNode& parent, const std::string& from) {
    for (const auto& child : parent.children)
      if (is(child, Vocabulary::core, "item") || is(child, Vocabulary::atom, "entry"))
        document.entries.push_back(vocabulary(child.ns) == Vocabulary::atom
                                       ? atom_entry(child, from, document.lang)
                                       : rss_entry(child, from, document.lang));
  };
  collect(head, base);
  if (const auto* items = find(head, Vocabulary::core, "items")) collect(*items, base);  // RSS 1.1
  if (&head != &root) collect(root, root_base);
}

}  // namespace

Result<Document> read_document(std::string_view bytes, std::string_view content_type, std::string_view url) {
  auto start = bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
  start = trim(start.substr(0, 4096));
  if (start.empty()) return unexpected(ErrorKind::unreachable, "the body is empty");
  if (start.front() == '{' || start.front() == '[') return read_json_feed(bytes, url);
  const auto lower = ascii_lower(start.substr(0, 512));
  if (lower.starts_with("<!doctype html") || lower.starts_with("<html"))
    return unexpected(web_page_instead(bytes, std::string(url)));
  auto xml = read_xml(bytes, content_type);
  if (!xml) return unexpected(xml.error());
  const auto& root = xml->root;
  Document document;
  document.well_formed = xml->well_formed;
  const std::string base(url);
  if (ascii_iequals(root.name, "feed")) {
    // Some Atom feeds forget their namespace; then its words are taken from what they are.
    if (vocabulary(root.ns) == Vocabulary::core) {
      auto adopt = [](auto& self, XmlNode& node) -> void {
        if (node.ns.empty() && !node.is_text()) node.ns = "http://www.w3.org/2005/atom";
        for (auto& child : node.children) self(self, child);
      };
      adopt(adopt, xml->root);
    }
    read_atom(root, document, base);
  } else if (ascii_iequals(root.name, "entry") && vocabulary(root.ns) == Vocabulary::atom) {
    document.format = "atom";
    document.entries.push_back(atom_entry(root, base, {}));
  } else if (ascii_iequals(root.name, "rdf")) {
    document.format = "rdf";
    read_rss(root, document, base);
  } else if (ascii_iequals(root.name, "channel") && find(root, Vocabulary::core, "link") == nullptr &&
             vocabulary(root.ns) == Vocabulary::core) {
    document.format = "cdf";
    read_cdf(root, document, base, 0);
  } else if (ascii_iequals(root.name, "rss") || ascii_iequals(root.name, "channel") ||
             ascii_iequals(root.name, "rss1.1")) {
    document.format = "rss";
    read_rss(root, document, base);
  } else if (ascii_iequals(root.name, "html")) {
    return unexpected(ErrorKind::unreachable, "a web page came where a feed was expected");
  } else {
    return unexpected(ErrorKind::malformed,
                      "not a feed: the document is a <" + root.name.substr(0, 40) + ">");
  }
  for (auto& entry : document.entries)
    if (entry.author.name.empty() && entry.author.email.empty()) entry.author = document.author;
  return document;
}

}  // namespace earshot::connectors::feed
