#include "analysis/people/promise.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "analysis/people/business_hours.hpp"

namespace earshot::analysis {
namespace {

constexpr int noon = 12 * 60, evening = 18 * 60;

enum class Word : std::uint8_t {
  none,
  day,
  part,
  weekday,
  unit,
  number,
  within,
  week,
  next,
  greeting,
  condition
};
struct Meaning {
  Word word = Word::none;
  int value = 0;  ///< day: from today; part: minute of the day, 0 its end; unit: minutes; number: itself
};

/// Words of time in the six languages together; where one means two things, what promises say.
const std::unordered_map<std::uint64_t, Meaning>& vocabulary() {
  static const auto table = [] {
    std::unordered_map<std::uint64_t, Meaning> out;
    const auto add = [&](Word word, int value, std::initializer_list<std::string_view> words) {
      for (const auto one : words) out.emplace(word_hash(one), Meaning{.word = word, .value = value});
    };
    add(Word::day, 0,
        {"today", "tonight", "heute", "hoy", "aujourd'hui", "oggi", "stasera", "hoje", "heutigen"});
    add(Word::day, 1, {"tomorrow", "tmrw", "morgen", "mañana", "demain", "domani", "amanhã"});
    add(Word::day, 2, {"übermorgen"});
    add(Word::part, noon,
        {"noon", "midday", "morning", "mittag", "vormittag", "früh", "mediodía", "midi", "matin",
         "mezzogiorno", "mattina", "mattinata", "meio-dia"});
    add(Word::part, evening, {"afternoon", "nachmittag", "tarde", "après-midi", "pomeriggio"});
    add(Word::part, 0, {"evening", "night", "abend", "noche", "soir", "sera", "noite"});
    constexpr int weekdays = 7;
    constexpr std::array<std::array<std::string_view, 6>, weekdays> names{{
        {"monday", "montag", "lunes", "lundi", "lunedì", "segunda"},
        {"tuesday", "dienstag", "martes", "mardi", "martedì", "terça"},
        {"wednesday", "mittwoch", "miércoles", "mercredi", "mercoledì", "quarta"},
        {"thursday", "donnerstag", "jueves", "jeudi", "giovedì", "quinta"},
        {"friday", "freitag", "viernes", "vendredi", "venerdì", "sexta"},
        {"saturday", "samstag", "sonnabend", "sábado", "samedi", "sabato"},
        {"sunday", "sonntag", "domingo", "dimanche", "domenica", "sonntags"},
    }};
    for (int day = 0; day < weekdays; ++day)
      for (const auto name : names[static_cast<std::size_t>(day)]) add(Word::weekday, day, {name});
    add(Word::unit, 1, {"minute", "minutes", "mins", "minuten", "minutos", "minuti"});
    add(Word::unit, 60,
        {"hour", "hours", "hrs", "stunde", "stunden", "hora", "horas", "heure", "heures", "ora", "ore"});
    add(Word::unit, 1440,
        {"day", "days", "tag", "tage", "tagen", "werktagen", "werktage", "día", "días", "jour", "jours",
         "giorno", "giorni", "dia", "dias"});
    add(Word::week, 0,
        {"week", "weeks", "woche", "wochen", "semana", "semanas", "semaine", "semaines", "settimana",
         "settimane"});
    add(Word::next, 0, {"next", "nächste", "nächsten", "nächster", "próxima", "prochaine", "prossima"});
    add(Word::number, 1,
        {"a", "an", "one", "the", "einer", "einem", "eine", "una", "un", "une", "um", "uma", "l'"});
    add(Word::number, 2, {"two", "zwei", "dos", "deux", "due", "dois", "duas"});
    add(Word::number, 3, {"three", "drei", "tres", "trois", "tre", "três"});
    add(Word::number, 4, {"four", "vier", "cuatro", "quatre", "quattro", "quatro"});
    add(Word::number, 5, {"five", "fünf", "cinco", "cinq", "cinque"});
    add(Word::number, 6, {"six", "sechs", "seis", "sei"});
    add(Word::number, 12, {"twelve", "zwölf", "doce", "douze", "dodici", "doze"});
    add(Word::number, 24, {"twenty-four"});
    add(Word::within, 0,
        {"within", "in", "innerhalb", "binnen", "en", "dentro", "dans", "sous", "entro", "tra", "fra", "em",
         "under"});
    add(Word::greeting, 0, {"guten", "schönen", "good", "buon", "boa", "buenas", "bonne"});
    add(Word::condition, 0,
        {"please",  "bitte",   "if",    "wenn",    "sobald",   "once",   "when",     "could",
         "can",     "dm",      "send",  "message", "schicken", "schick", "envíanos", "envoyez",
         "mandaci", "inviaci", "envie", "si",      "se",       "por",    "merci"});
    return out;
  }();
  return table;
}

bool ends_sentence(const Token& token) {
  return token.kind == TokenKind::punctuation &&
         (token.folded == "." || token.folded == "!" || token.folded == "?" || token.folded == "…");
}

Meaning meaning_of(const Token& token) {
  if (token.kind == TokenKind::number) {
    int value = 0;
    const auto end = token.folded.data() + token.folded.size();
    const auto read = std::from_chars(token.folded.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || value <= 0 || value > 999) return {};
    return Meaning{.word = Word::number, .value = value};
  }
  if (token.kind != TokenKind::word) return {};
  const auto found = vocabulary().find(token.hash);
  return found == vocabulary().end() ? Meaning{} : found->second;
}

/// "within two hours", "in 3 working days", "in the next 24 hours": a unit at `at`, its number up to two
/// words before it, and the preposition up to three before that.
std::optional<int> span_at(Tokens sentence, std::size_t at, const Meaning& unit) {
  const auto before = [&](std::size_t from, std::size_t most, Word wanted) -> std::optional<std::size_t> {
    for (std::size_t back = 1; back <= most && back <= from; ++back)
      if (meaning_of(sentence[from - back]).word == wanted) return from - back;
    return std::nullopt;
  };
  const auto number = before(at, 2, Word::number);
  if (!number || !before(*number, 3, Word::within)) return std::nullopt;
  const int minutes = unit.word == Word::week ? 7 * 1440 : unit.value;
  return meaning_of(sentence[*number]).value * minutes;
}

DueWords due_words(Tokens sentence) {
  DueWords day, weekday, week;
  std::optional<int> minute;
  bool whole_day = false;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const auto found = meaning_of(sentence[i]);
    const auto previous = i > 0 ? meaning_of(sentence[i - 1]) : Meaning{};
    if (previous.word == Word::greeting) continue;
    if (found.word == Word::unit || found.word == Word::week)
      if (const auto minutes = span_at(sentence, i, found))
        return {.kind = DueWords::Kind::within, .amount = *minutes};
    switch (found.word) {
      case Word::day:
        if (day.kind == DueWords::Kind::none) day = {.kind = DueWords::Kind::day, .amount = found.value};
        break;
      case Word::part: found.value == 0 ? void(whole_day = true) : void(minute = found.value); break;
      case Word::weekday:
        if (weekday.kind == DueWords::Kind::none)
          weekday = {.kind = DueWords::Kind::weekday, .amount = found.value};
        break;
      case Word::week:
        week = {.kind = DueWords::Kind::week, .amount = previous.word == Word::next ? 1 : 0};
        break;
      default: break;
    }
  }
  // "this evening" and "this afternoon" name no day.
  if (day.kind == DueWords::Kind::none && weekday.kind == DueWords::Kind::none && (whole_day || minute))
    day = {.kind = DueWords::Kind::day, .amount = 0};
  auto out = day.kind != DueWords::Kind::none ? day : weekday.kind != DueWords::Kind::none ? weekday : week;
  if (out.kind == DueWords::Kind::day || out.kind == DueWords::Kind::weekday)
    out.minute = whole_day ? std::nullopt : minute;
  return out;
}

}  // namespace

std::optional<Promise> read_promise(Tokens all, std::span<const SignHit> hits) {
  std::optional<Promise> first;
  for (const auto& hit : hits) {
    if (hit.sign != Sign::commitment) continue;
    std::size_t begin = 0, end = 0, at = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].span.begin <= hit.span.begin) at = i;
      if (all[i].span.begin < hit.span.begin && ends_sentence(all[i])) begin = i + 1;
      if (all[i].span.end > hit.span.end && ends_sentence(all[i])) {
        end = i + 1;
        break;
      }
    }
    if (end == 0) end = all.size();
    if (begin >= end) continue;
    const auto sentence = all.subspan(begin, end - begin);
    if (sentence.back().folded == "?") continue;
    const auto asks = std::ranges::any_of(all.subspan(begin, at - begin), [](const Token& token) {
      return meaning_of(token).word == Word::condition;
    });
    if (asks) continue;
    const Promise found{.span = {.begin = sentence.front().span.begin, .end = sentence.back().span.end},
                        .due = due_words(sentence)};
    if (found.due.kind != DueWords::Kind::none) return found;
    if (!first) first = found;
  }
  return first;
}

Timestamp due_of(const DueWords& due, Timestamp said_at, const TimeZone& zone) {
  const auto today = zone.day_number(said_at);
  const auto end_of = [&](std::int64_t day) {
    const auto at = zone.moment(due.minute ? day : day + 1, due.minute.value_or(0));
    return at > said_at ? at : zone.moment(day + 1, 0);
  };
  switch (due.kind) {
    case DueWords::Kind::within: return said_at + std::chrono::minutes(due.amount);
    case DueWords::Kind::day: return end_of(today + due.amount);
    case DueWords::Kind::weekday: return end_of(today + (due.amount - weekday_of(today) + 7) % 7);
    case DueWords::Kind::week: return zone.moment(today - weekday_of(today) + 7 * (due.amount + 1), 0);
    case DueWords::Kind::none: break;
  }
  return said_at + promise_default;
}

}  // namespace earshot::analysis
