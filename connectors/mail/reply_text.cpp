#include "connectors/mail/reply_text.hpp"

#include <algorithm>
#include <vector>

#include "core/base/text.hpp"

namespace earshot::connectors::mail {
namespace {

/// How a line that announces a quote begins and what it holds near its end. Folded as `fold_case` does.
struct Announcement {
  std::string_view begin, verb;
};
constexpr Announcement announcements[] = {
    {"on ", "wrote"},      {"am ", "schrieb"},  {"le ", "a écrit"},     {"el ", "escribió"},
    {"il ", "ha scritto"}, {"em ", "escreveu"}, {"a ", "escreveu"},     {"op ", "schreef"},
    {"den ", "skrev"},     {"på ", "skrev"},    {"w dniu ", "napisał"}, {"dnia ", "pisze"},
    {"pon", "napisał"},    {"dne ", "napsal"},  {"", "kirjoitti"},      {"", "написал"},
    {"", "пишет"},         {"", "yazdı"},       {"", "写道"},           {"", "寫道"},
    {"", "のメール"},      {"", "書きました"},  {"", "님이 작성"},      {"στις ", "έγραψε"},
};

/// Between dashes or alone on a line.
constexpr std::string_view separators[] = {
    "original message",
    "ursprüngliche nachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "oprindelig meddelelse",
    "ursprungligt meddelande",
    "alkuperäinen viesti",
    "исходное сообщение",
    "forwarded message",
    "weitergeleitete nachricht",
    "message transféré",
    "mensaje reenviado",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "原始邮件",
    "původní zpráva",
};

constexpr std::string_view sender_labels[] = {
    "from:", "von:", "de:",     "de :",     "da:",     "van:",       "от:",    "från:",
    "fra:",  "od:",  "发件人:", "发件人：", "差出人:", "lähettäjä:", "kimden:"};
constexpr std::string_view other_labels[] = {
    "sent:",    "date:",       "to:",        "subject:", "cc:",        "gesendet:", "datum:",  "an:",
    "betreff:", "envoyé :",    "envoyé:",    "date :",   "à :",        "à:",        "objet :", "objet:",
    "enviado:", "enviado el:", "fecha:",     "para:",    "asunto:",    "inviato:",  "data:",   "a:",
    "oggetto:", "assunto:",    "verzonden:", "aan:",     "onderwerp:", "skickat:",  "till:",   "ämne:",
    "sendt:",   "til:",        "emne:",      "wysłano:", "do:",        "temat:",    "дата:",   "кому:",
    "тема:",    "发送时间:",   "收件人:",    "主题:"};

constexpr std::string_view program_words[] = {
    "sent from my ",   "sent from mail for", "get outlook for",  "von meinem ",
    "gesendet von ",   "envoyé de mon ",     "envoyé depuis ",   "enviado desde ",
    "enviado do meu ", "inviato da ",        "verstuurd vanaf ", "skickat från ",
    "sendt fra ",      "wysłane z ",         "отправлено с ",    "发自我的",
};

struct Line {
  std::string_view text;
  std::string folded;  ///< trimmed
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> out;
  for (auto line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back({line, fold_case(trim(line).substr(0, 400))});
  }
  return out;
}

template <typename List>
bool starts_with_any(std::string_view text, const List& list) {
  return std::ranges::any_of(list, [&](std::string_view one) { return text.starts_with(one); });
}

bool is_quoted(const Line& line) { return line.folded.starts_with('>') || line.folded.starts_with('|'); }

/// "On Monday, 2 March 2026, Mona <mona@example.org> wrote:", over up to three lines; how many, or 0.
std::size_t announced(const std::vector<Line>& lines, std::size_t at) {
  std::string joined;
  for (std::size_t i = at; i < lines.size() && i < at + 3; ++i) {
    if (lines[i].folded.empty()) return 0;
    joined += (joined.empty() ? "" : " ") + lines[i].folded;
    if (joined.size() > 500) return 0;
    if (!joined.ends_with(':') && !joined.ends_with("：")) continue;
    const bool dated = std::ranges::any_of(joined, [](char c) { return c >= '0' && c <= '9'; }) ||
                       joined.find('@') != std::string::npos;
    for (const auto& [begin, verb] : announcements) {
      const auto where = joined.rfind(verb);
      // In some languages the verb stands before the name: "Am 2. März schrieb Mona:".
      if (dated && joined.starts_with(begin) && where != std::string::npos && where + 120 > joined.size())
        return i - at + 1;
    }
    return 0;
  }
  return 0;
}

bool is_separator(const Line& line) {
  auto text = std::string_view(line.folded);
  const auto dashed = text.size();
  while (text.starts_with('-') || text.starts_with(' ') || text.starts_with('_')) text.remove_prefix(1);
  while (text.ends_with('-') || text.ends_with(' ') || text.ends_with('_')) text.remove_suffix(1);
  if (dashed < text.size() + 4) return false;
  return std::ranges::find(separators, text) != std::end(separators);
}

bool is_header_block(const std::vector<Line>& lines, std::size_t at) {
  auto first = std::string_view(lines[at].folded);
  while (first.starts_with('*')) first.remove_prefix(1);
  if (!starts_with_any(first, sender_labels)) return false;
  int others = 0;
  for (std::size_t i = at + 1; i < lines.size() && i < at + 6; ++i) {
    auto text = std::string_view(lines[i].folded);
    while (text.starts_with('*')) text.remove_prefix(1);
    others += starts_with_any(text, other_labels) ? 1 : 0;
  }
  return others >= 2;
}

bool is_rule(const Line& line) {
  return line.folded.size() >= 10 && line.folded.find_first_not_of("_-") == std::string::npos;
}

}  // namespace

std::string own_words(std::string_view text) {
  const auto lines = lines_of(text);
  std::string out;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const auto& line = lines[at];
    if (line.text == "-- " || line.text == "--") break;
    if (is_separator(line) || is_header_block(lines, at)) break;
    if (is_rule(line) && at + 1 < lines.size() && is_header_block(lines, at + 1)) break;
    if (const auto size = announced(lines, at); size > 0) {
      std::size_t next = at + size;
      while (next < lines.size() && lines[next].folded.empty()) ++next;
      // Quoted without marks: everything after it is the quote.
      if (next >= lines.size() || !is_quoted(lines[next])) break;
      at += size - 1;
      continue;
    }
    if (is_quoted(line) || starts_with_any(line.folded, program_words)) continue;
    out.append(line.text).push_back('\n');
  }
  auto own = std::string(trim(out));
  return own.empty() ? std::string(trim(text)) : own;
}

std::string_view before_quote(std::string_view html) {
  static constexpr std::string_view marks[] = {"<blockquote",
                                               "class=\"gmail_quote",
                                               "class=\"moz-cite-prefix",
                                               "id=\"divRplyFwdMsg\"",
                                               "id=\"appendonsend\"",
                                               "class=\"yahoo_quoted",
                                               "class=\"protonmail_quote",
                                               "id=\"reply-intro\"",
                                               "class=\"OutlookMessageHeader",
                                               "name=\"_MailOriginal"};
  auto end = html.size();
  for (const auto mark : marks) end = std::min(end, html.find(mark));
  if (end >= html.size()) return html;
  // Back to where the tag begins.
  const auto tag = html.substr(0, end + 1).rfind('<');
  const auto before = html.substr(0, tag == std::string_view::npos ? end : tag);
  return before;
}

}  // namespace earshot::connectors::mail
