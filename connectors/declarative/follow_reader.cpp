#include "connectors/declarative/follow_reader.hpp"

#include <algorithm>

#include "connectors/declarative/list_reader.hpp"
#include "connectors/declarative/request_reader.hpp"

namespace earshot::connectors::declarative {
namespace {

void read_values(TomlReader& reader, ValueReader& own, Names& names, FollowSpec& follow) {
  const auto* values = reader.table("values");
  if (values == nullptr) return;
  if (follow.batch > 1) reader.mistake_at(*values, "`values` are those of one item: they go without `batch`");
  for (const auto& [name, node] : values->members)
    if (is_free_name(name, names))
      follow.values.emplace_back(name, own.value(node));
    else
      reader.mistake_at(node, "the name `" + name + "` is taken, or not made of a-z, 0-9 and _");
  for (const auto& [name, value] : follow.values) names.variables.push_back(name);
}

}  // namespace

std::vector<StreamSpec*> read_followed(TomlReader& reader, std::vector<StreamSpec>& streams) {
  std::vector<StreamSpec*> out;
  const auto* of = reader.find("of");
  std::vector<std::string> known;
  for (auto& stream : streams) {
    known.push_back(stream.name);
    if (of == nullptr) out.push_back(&stream);
  }
  if (of == nullptr) return out;
  for (const auto& name : reader.list("of")) {
    const auto found = std::ranges::find(streams, name, &StreamSpec::name);
    if (found == streams.end())
      reader.mistake("of", "`" + name + "` is no stream" + suggestion(name, known));
    else
      out.push_back(&*found);
  }
  return out;
}

std::string common_list(const std::vector<StreamSpec*>& streams) {
  if (streams.empty()) return {};
  const auto& first = streams.front()->each;
  const bool alike =
      std::ranges::all_of(streams, [&](const StreamSpec* stream) { return stream->each == first; });
  return alike ? first : std::string();
}

FollowSpec read_follow(TomlReader& reader, TomlReader& root, const Platform& platform, Names names) {
  ValueReader own(names, "follow", reader.mistakes());
  FollowSpec follow;
  follow.stream.name = reader.required_text("name");
  for (const auto& other : platform.follows)
    if (other.stream.name == follow.stream.name)
      reader.mistake("name", "`" + follow.stream.name + "` is used twice");
  if (const auto* when = reader.find("when")) follow.when = own.conditions(*when);
  if (const auto* id = reader.find("id"))
    follow.id = own.value(*id);
  else
    reader.mistake("id", "is missing: by which value of an item is asked about it?");
  if (const auto* mark = reader.find("mark"))
    follow.mark = own.value(*mark);
  else
    reader.mistake("mark", "is missing: which value of an item changes when there is more?");
  follow.batch = reader.integer("batch", 1, 1, 1'000);
  follow.separator = reader.text("separator", ",");
  follow.most = reader.integer("most", 20, 1, 1'000);
  names.variables.insert(names.variables.end(), {"ids", "page"});
  if (follow.batch == 1) names.variables.emplace_back("heard");
  read_values(reader, own, names, follow);
  follow.stream.request = read_request(reader, root.table("headers"), names);
  read_listing(reader, root, platform.credential, names, follow.stream);
  if (!names_variable(follow.stream.request, "ids"))
    reader.mistake_at(reader.node(), "asks about nobody: {ids} stands nowhere in it");
  reader.finish();
  return follow;
}

}  // namespace earshot::connectors::declarative
