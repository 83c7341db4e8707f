// From a file's nodes to a Platform. Settings are read first, since templates may name them.
#include <algorithm>

#include "connectors/declarative/field_reader.hpp"
#include "connectors/declarative/follow_reader.hpp"
#include "connectors/declarative/list_reader.hpp"
#include "connectors/declarative/platform.hpp"
#include "connectors/declarative/request_reader.hpp"
#include "connectors/declarative/value_reader.hpp"

namespace earshot::connectors::declarative {
namespace {

using Kind = TomlNode::Kind;

const std::vector<std::string> error_kinds = {"rate_limited", "unauthorized",   "forbidden",
                                              "gone",         "bad_request",    "unreachable",
                                              "malformed",    "cursor_invalid", "empty"};

class PlatformReader {
 public:
  PlatformReader(const TomlNode& root, const std::string& file)
      : mistakes_(file), root_(root, "", mistakes_) {}

  Result<Platform> read() {
    out_.name = root_.required_text("platform");
    if (!std::ranges::all_of(
            out_.name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }))
      root_.mistake("platform", "is made of a-z, 0-9 and _");
    out_.summary = root_.required_text("summary");
    out_.access = root_.required_text("access");
    out_.terms = root_.required_text("terms");
    read_settings();
    names_.origins = {"page", "parent"};
    if (const auto* base = root_.find("base")) out_.base = values("").text(*base);
    names_.variables.insert(names_.variables.end(), {"base", "host", "credential"});
    read_credential();
    read_joins();
    read_errors();
    read_budget();
    read_steps();
    read_streams();
    read_follows();
    read_hydrate();
    if (const auto* legal = root_.table("legal")) out_.legal = read_legal(*legal, "legal", mistakes_);
    root_.finish();
    if (!mistakes_.empty()) return unexpected(ErrorKind::invalid, mistakes_.text());
    return std::move(out_);
  }

 private:
  ValueReader values(std::string table) { return {names_, std::move(table), mistakes_}; }

  void read_settings() {
    const auto* table = root_.table("settings");
    if (table == nullptr) return;
    static const std::vector<std::string> kinds = {"text", "list", "address", "integer", "flag"};
    for (const auto& [name, node] : table->members) {
      const auto where = "settings." + name;
      if (is_taken_name(name)) {
        mistakes_.add(node, where, "the name `" + name + "` has a meaning of its own; choose another");
        continue;
      }
      if (!node.is(Kind::table)) {
        mistakes_.add(node, where, "must be a table, such as {kind = \"list\"}");
        continue;
      }
      TomlReader reader(node, where, mistakes_);
      SettingSpec setting;
      setting.name = name;
      const auto kind = reader.word("kind", kinds);
      setting.kind = static_cast<SettingSpec::Kind>(std::ranges::find(kinds, kind) - kinds.begin());
      setting.required = reader.flag("required", false);
      setting.brands = reader.flag("brands", false);
      setting.phrases = reader.flag("phrases", false);
      if (setting.brands && setting.kind != SettingSpec::Kind::list)
        reader.mistake("brands", "is for lists: a source may listen for many");
      if (const auto* fallback = reader.find("default")) {
        const auto wanted = setting.kind == SettingSpec::Kind::integer ? Kind::integer
                            : setting.kind == SettingSpec::Kind::flag  ? Kind::flag
                                                                       : Kind::text;
        if (!fallback->is(wanted) || setting.kind == SettingSpec::Kind::list)
          reader.mistake("default", "is not of the setting's kind");
        setting.fallback = fallback->text;
      }
      reader.finish();
      names_.variables.push_back(name);
      out_.settings.push_back(std::move(setting));
    }
  }

  void read_credential() {
    const auto* table = root_.table("credential");
    if (table == nullptr) return;
    TomlReader reader(*table, "credential", mistakes_);
    out_.has_credential = true;
    const auto form = reader.word("as", {"bearer", "basic", "header", "url"});
    out_.credential_required = reader.flag("required", false);
    static const std::vector<std::string> uses = {"everything", "steps", "pages"};
    const auto use = reader.word("for", uses);
    out_.credential_use = static_cast<CredentialUse>(std::ranges::find(uses, use) - uses.begin());
    if (form == "basic") {
      out_.credential.kind = net::CredentialForm::Kind::basic;
      out_.credential.before.clear();
    } else if (form == "url") {
      out_.credential.kind = net::CredentialForm::Kind::url;
    } else if (form == "header") {
      out_.credential.header = reader.required_text("header");
      out_.credential.before.clear();
    }
    if (const auto* before = reader.find("before"))
      out_.credential_before = values("credential").text(*before);
    out_.credential.after = reader.text("after");
    reader.finish();
  }

  void read_joins() {
    for (const auto* table : root_.tables("join")) {
      TomlReader reader(*table, "join", mistakes_);
      JoinSpec join;
      join.name = reader.required_text("name");
      if (std::ranges::find(names_.origins, join.name) != names_.origins.end())
        reader.mistake("name", "`" + join.name + "` is taken");
      auto own = values("join");
      for (const auto* key : {"in", "at"})
        if (reader.find(key) == nullptr) reader.mistake(key, "is missing");
      if (const auto* in = reader.find("in")) join.in = own.pointers(*in);
      if (std::ranges::any_of(join.in, [](const Pointer& in) { return in.origin != "page"; }))
        reader.mistake("in", "must start from the page, as \"page:/includes/users\"");
      if (const auto* on = reader.find("on")) join.on = own.value(*on);
      if (const auto* at = reader.find("at")) join.at = own.value(*at);
      reader.finish();
      names_.origins.push_back(join.name);
      out_.joins.push_back(std::move(join));
    }
  }

  void read_errors() {
    const auto before = names_.variables;
    names_.variables.insert(names_.variables.end(), {"each", "answered_by"});
    for (const auto* table : root_.tables("error")) {
      TomlReader reader(*table, "error", mistakes_);
      auto own = values("error");
      ErrorRule rule;
      if (const auto* status = reader.find("status")) {
        const auto take = [&](const TomlNode& node) {
          if (!node.is(Kind::integer) || node.integer < 100 || node.integer > 599)
            reader.mistake_at(node, "`status` must be a status such as 400, or a list of them");
          rule.status.push_back(node.integer);
        };
        if (status->is(Kind::array))
          for (const auto& element : status->elements) take(element);
        else
          take(*status);
      }
      if (const auto* when = reader.find("when")) rule.when = own.conditions(*when);
      if (rule.status.empty() && rule.when.empty())
        reader.mistake_at(*table, "needs `status` or `when`, to tell trouble from a good reply");
      if (const auto* code = reader.find("code")) rule.code = own.value(*code);
      if (const auto* message = reader.find("message")) rule.message = own.value(*message);
      if (const auto* wait = reader.find("wait")) rule.wait = own.value(*wait);
      const auto check_kind = [&](const TomlNode& node) {
        if (!node.is(Kind::text) || std::ranges::find(error_kinds, node.text) == error_kinds.end())
          reader.mistake_at(node,
                            "`" + node.text + "` is no kind of trouble" + suggestion(node.text, error_kinds));
      };
      if (const auto* kind = reader.find("kind")) {
        check_kind(*kind);
        rule.kind = kind->text;
      }
      if (const auto* kinds = reader.table("kinds"))
        for (const auto& [code, kind] : kinds->members) {
          check_kind(kind);
          rule.kinds[code] = kind.text;
        }
      reader.finish();
      out_.errors.push_back(std::move(rule));
    }
    names_.variables = before;
  }

  void read_budget() {
    const auto* table = root_.table("budget");
    if (table == nullptr) return;
    TomlReader reader(*table, "budget", mistakes_);
    out_.budget = reader.integer("requests", 0, 1, 1'000'000'000);
    out_.budget_per = reader.duration("per", std::chrono::hours(24), {});
    if (const auto* backoff = reader.find("backoff")) out_.backoff = values("budget").value(*backoff);
    reader.finish();
  }

  void read_steps() {
    for (const auto* table : root_.tables("step"))
      out_.steps.push_back(read_step(*table, root_.table("headers"), out_, names_, mistakes_));
  }

  /// What is made for each value of another list has no value here.
  void forget_other_steps(const std::string& each) {
    for (const auto& step : out_.steps)
      if (!step.stream.each.empty() && step.stream.each != each)
        for (const auto& [name, value] : step.values) std::erase(names_.variables, name);
  }

  void read_streams() {
    const auto tables = root_.tables("stream");
    if (tables.empty()) root_.mistake("stream", "is missing: a platform has at least one [[stream]]");
    for (const auto* key : {"items", "cursor", "page", "fields"}) root_.table(key);
    for (const auto* table : tables) {
      TomlReader reader(*table, "stream", mistakes_);
      StreamSpec stream;
      stream.name = reader.required_text("name");
      if (stream.name.find_first_of(": ") != std::string::npos)
        reader.mistake("name", "holds no ':' and no spaces");
      for (const auto& other : out_.streams)
        if (other.name == stream.name) reader.mistake("name", "`" + stream.name + "` is used twice");
      stream.each = read_setting_name(reader, "each", SettingSpec::Kind::list, out_.settings);
      stream.flag = read_setting_name(reader, "flag", SettingSpec::Kind::flag, out_.settings);
      const auto before = names_.variables;
      forget_other_steps(stream.each);
      names_.variables.insert(names_.variables.end(), {"cursor", "start", "page"});
      if (!stream.each.empty()) names_.variables.emplace_back("each");
      stream.request = read_request(reader, root_.table("headers"), names_);
      if (const auto* node = own_or_shared(reader, root_, "cursor"))
        stream.cursor = read_cursor(*node, names_, mistakes_);
      stream.cursor.is_asked = names_variable(stream.request, "cursor");
      read_listing(reader, root_, out_.credential, names_, stream);
      names_.variables = before;
      reader.finish();
      out_.streams.push_back(std::move(stream));
    }
  }

  void read_follows() {
    for (const auto* table : root_.tables("follow")) {
      TomlReader reader(*table, "follow", mistakes_);
      const auto of = read_followed(reader, out_.streams);
      const auto before = names_.variables;
      forget_other_steps(common_list(of));
      if (!common_list(of).empty() || std::ranges::none_of(of, &std::string::empty, &StreamSpec::each))
        names_.variables.emplace_back("each");
      out_.follows.push_back(read_follow(reader, root_, out_, names_));
      names_.variables = before;
      for (auto* stream : of) stream->follows.push_back(out_.follows.back());
    }
  }

  void read_hydrate() {
    const auto* table = root_.table("hydrate");
    if (table == nullptr) return;
    TomlReader reader(*table, "hydrate", mistakes_);
    auto own = values("hydrate");
    auto& hydrate = out_.hydrate;
    hydrate.batch = reader.integer("batch", 1, 1, 1'000);
    hydrate.separator = reader.text("separator", ",");
    hydrate.paid = reader.flag("paid", false);
    if (const auto* prefix = reader.find("prefix")) hydrate.prefix = own.text(*prefix);
    if (const auto* answers = reader.find("answers")) hydrate.answers = own.conditions(*answers);
    hydrate.stream.name = "hydrate";
    const auto before = names_.variables;
    forget_other_steps({});
    names_.variables.emplace_back("ids");
    hydrate.stream.request = read_request(reader, root_.table("headers"), names_);
    if (const auto* node = own_or_shared(reader, root_, "items"))
      hydrate.stream.items = read_items(*node, names_, mistakes_);
    if (const auto* node = own_or_shared(reader, root_, "fields"))
      hydrate.stream.fields = read_fields(*node, "fields", names_, mistakes_);
    names_.variables = before;
    if (hydrate.stream.items.at.empty()) reader.mistake_at(*table, "has no `items.at`: where are the items?");
    if (std::ranges::find(hydrate.stream.fields, Field::native_id, &FieldSpec::field) ==
        hydrate.stream.fields.end())
      reader.mistake_at(*table, "has no field `native_id`");
    if (!names_variable(hydrate.stream.request, "ids"))
      reader.mistake_at(*table, "asks for nobody: {ids} stands nowhere in it");
    reader.finish();
  }

  TomlMistakes mistakes_;
  TomlReader root_;
  Names names_;
  Platform out_;
};

}  // namespace

Result<Platform> read_platform(std::string_view text, const std::string& name) {
  const auto root = parse_toml(text, name);
  if (!root) return unexpected(root.error());
  return PlatformReader(*root, name).read();
}

}  // namespace earshot::connectors::declarative
