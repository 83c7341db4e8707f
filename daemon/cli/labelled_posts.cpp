#include "daemon/cli/labelled_posts.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <fstream>
#include <functional>

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/model/names.hpp"

namespace earshot::cli {
namespace {

using analysis::topic_count;
using analysis::topic_of;
using analysis::training::LabelledPost;
using analysis::training::topic_bit;
using analysis::training::TopicSet;

constexpr TopicSet all_topics = (TopicSet{1} << topic_count) - 1;
constexpr TopicSet all_issues = (TopicSet{1} << issue_type_count) - 1;

std::optional<std::uint8_t> polarity_from(std::string_view label) {
  if (label == "negative") return std::uint8_t{0};
  if (label == "neutral") return std::uint8_t{1};
  if (label == "positive") return std::uint8_t{2};
  return std::nullopt;
}

/// Calls take(number, line) for each line that is not empty; its error ends the reading with file and line.
Status each_line(const std::string& path, const std::function<Status(std::string_view)>& take) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return unexpected(ErrorKind::invalid, path + " cannot be read");
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (trim(line).empty()) continue;
    if (const auto taken = take(line); !taken)
      return unexpected(taken.error().kind,
                        fmt::format("{}: line {}: {}", path, number, taken.error().message));
  }
  return Done{};
}

Unexpected wrong(std::string_view what) { return unexpected(ErrorKind::malformed, std::string(what)); }

Status add_topics(std::string_view list, bool issues, LabelledPost& post) {
  for (const auto part : split(list, ',')) {
    const auto name = trim(part);
    if (name.empty() || name == "-") continue;
    if (issues) {
      const auto type = issue_type_from(name);
      if (!type) return wrong(fmt::format("unknown issue type {}", quote_printable(name)));
      post.topics |= topic_bit(*type);
    } else {
      const auto intent = intent_from(name);
      if (!intent) return wrong(fmt::format("unknown intent {}", quote_printable(name)));
      post.topics |= topic_bit(*intent);
    }
  }
  return Done{};
}

Result<LabelledPost> own_post(std::string_view line) {
  const auto cells = split(line, '\t');
  if (cells.size() != 4) return wrong("expected polarity, issues, intents and text between tabs");
  LabelledPost post;
  post.text = trim(cells[3]);
  post.polarity = polarity_from(cells[0]);
  post.judged = all_topics;
  if (!post.polarity) return wrong("the first column is not negative, neutral or positive");
  if (const auto added = add_topics(cells[1], true, post); !added) return unexpected(added.error());
  if (const auto added = add_topics(cells[2], false, post); !added) return unexpected(added.error());
  return post;
}

struct JsonLine {
  std::string text, label, lang;
  std::int64_t stars = 0;
};

Result<JsonLine> json_line(simdjson::dom::parser& parser, std::string_view line,
                           simdjson::dom::object& object) {
  if (parser.parse(utf8::sanitise(line)).get(object) != simdjson::SUCCESS) return wrong("is no JSON object");
  JsonLine out;
  std::string_view text;
  if (object["text"].get(text) != simdjson::SUCCESS) return wrong("has no \"text\"");
  out.text = text;
  if (object["label"].get(text) == simdjson::SUCCESS) out.label = text;
  if (object["lang"].get(text) == simdjson::SUCCESS) out.lang = text;
  if (double stars = 0; object["stars"].get(stars) == simdjson::SUCCESS)
    out.stars = static_cast<std::int64_t>(stars);
  return out;
}

/// "bug_report=bug,feature_request=feature_request"
Status apply_labels(std::string_view map, std::string_view label, LabelledPost& post) {
  for (const auto pair : split(map, ',')) {
    const auto equals = pair.find('=');
    const auto type =
        equals == std::string_view::npos ? std::nullopt : issue_type_from(pair.substr(equals + 1));
    if (!type) return wrong(fmt::format("the role names no issue type in {}", quote_printable(pair)));
    post.judged |= topic_bit(*type);
    if (pair.substr(0, equals) == label) post.topics |= topic_bit(*type);
  }
  return Done{};
}

}  // namespace

Result<std::vector<RecipeLine>> read_recipe(const std::string& path) {
  std::vector<RecipeLine> out;
  const auto read = each_line(path, [&](std::string_view line) -> Status {
    if (line.starts_with('#')) return Done{};
    const auto cells = split(line, '\t');
    if (cells.size() != 4) return wrong("expected file, role, weight and licence between tabs");
    RecipeLine one{.file = std::string(trim(cells[0])),
                   .role = std::string(trim(cells[1])),
                   .licence = std::string(trim(cells[3])),
                   .lang = {}};
    if (const auto at = one.role.find('@'); at != std::string::npos) {
      one.lang = one.role.substr(at + 1);
      one.role.resize(at);
    }
    const auto weight = trim(cells[2]);
    const auto [end, problem] = std::from_chars(weight.data(), weight.data() + weight.size(), one.weight);
    if (problem != std::errc{} || end != weight.data() + weight.size() || one.weight < 0)
      return wrong("the weight is not a number from 0 on");
    if (one.role != "polarity" && one.role != "stars" && one.role != "own" &&
        !one.role.starts_with("issues:"))
      return wrong("the role is not polarity, stars, own or issues:LABEL=TYPE");
    out.push_back(std::move(one));
    return Done{};
  });
  if (!read) return unexpected(read.error());
  return out;
}

Result<std::vector<LabelledPost>> read_posts(const RecipeLine& line, const std::string& folder,
                                             const std::string& beside) {
  std::vector<LabelledPost> out;
  const bool own = line.role == "own";
  const auto path = (own ? beside : folder) + '/' + line.file;
  simdjson::dom::parser parser;
  const auto read = each_line(path, [&](std::string_view text) -> Status {
    LabelledPost post;
    if (own) {
      if (text.starts_with('#')) return Done{};
      auto made = own_post(text);
      if (!made) return unexpected(made.error());
      post = std::move(*made);
    } else {
      simdjson::dom::object object;
      auto json = json_line(parser, text, object);
      if (!json) return unexpected(json.error());
      if (!line.lang.empty() && json->lang != line.lang) return Done{};
      post.text = std::move(json->text);
      if (line.role == "polarity") {
        post.polarity = polarity_from(json->label);
        if (!post.polarity) return wrong("the label is not negative, neutral or positive");
      } else if (line.role == "stars") {
        if (json->stars == 0 || json->stars == 3)
          return Done{};  // three stars are said of good and bad alike
        post.polarity = json->stars < 3 ? std::uint8_t{0} : std::uint8_t{2};
      } else if (const auto mapped = apply_labels(std::string_view(line.role).substr(7), json->label, post);
                 !mapped) {
        return mapped;
      }
    }
    post.set = line.file.substr(0, line.file.find_last_of('.'));
    post.weight = line.weight;
    out.push_back(std::move(post));
    return Done{};
  });
  if (!read) return unexpected(read.error());
  return out;
}

Result<std::vector<LabelledPost>> read_labelled_lines(const std::string& path) {
  std::vector<LabelledPost> out;
  simdjson::dom::parser parser;
  const auto read = each_line(path, [&](std::string_view text) -> Status {
    simdjson::dom::object object;
    auto json = json_line(parser, text, object);
    if (!json) return unexpected(json.error());
    LabelledPost post;
    post.text = std::move(json->text);
    post.set = "labels";
    if (!json->label.empty()) {
      post.polarity = polarity_from(json->label);
      if (!post.polarity) return wrong("\"label\" is not negative, neutral or positive");
    }
    for (const bool issues : {true, false}) {
      simdjson::dom::array list;
      if (object[issues ? "issues" : "intents"].get(list) != simdjson::SUCCESS) continue;
      post.judged |= issues ? all_issues : all_topics & ~all_issues;
      for (const auto item : list) {
        std::string_view name;
        if (item.get(name) != simdjson::SUCCESS)
          return wrong("\"issues\" and \"intents\" are lists of names");
        if (const auto added = add_topics(name, issues, post); !added) return added;
      }
    }
    for (const auto& [key, intent] :
         {std::pair("complaint", Intent::complaint), std::pair("question", Intent::question)}) {
      bool yes = false;
      if (object[key].get(yes) != simdjson::SUCCESS) continue;
      post.judged |= topic_bit(intent);
      if (yes) post.topics |= topic_bit(intent);
    }
    if (!post.polarity && post.judged == 0)
      return wrong("has none of \"label\", \"issues\", \"intents\", \"complaint\", \"question\"");
    out.push_back(std::move(post));
    return Done{};
  });
  if (!read) return unexpected(read.error());
  return out;
}

}  // namespace earshot::cli
