#include "connectors/declarative/source_settings.hpp"

#include <algorithm>

#include "connectors/page_builder.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors::declarative {
namespace {

bool is_label(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

class SettingsCheck {
 public:
  SettingsCheck(const Platform& platform, const ConnectorInput& input)
      : platform_(platform), input_(input), reader_(input.settings) {}

  Result<SourceSettings> run() {
    (void)reader_.text("file", "");  // names the platform itself, which was read already
    for (const auto& setting : platform_.settings) read(setting);
    out_.limits.history_days = reader_.integer("history_days", 7, 0, 10'000);
    out_.limits.pages_max = reader_.integer("pages_max", 50, 1, 10'000);
    if (platform_.hydrate.paid) out_.hydrate_paid = reader_.flag("hydrate_paid", false);
    if (platform_.has_credential) read_credential();
    read_base();
    check_streams();
    if (auto error = mistakes_in(input_, reader_.finish())) return unexpected(std::move(*error));
    return std::move(out_);
  }

 private:
  void read(const SettingSpec& setting) {
    const auto& name = setting.name;
    const bool given = input_.settings.find(name) != nullptr;
    if (setting.required && !given) reader_.mistake(name, "is missing");
    switch (setting.kind) {
      case SettingSpec::Kind::list: {
        auto values = reader_.list(name);
        if (values.empty() && setting.brands && !given) {
          values = brand_terms(input_.brands);
          for (auto& value : values)
            if (setting.phrases && value.find(' ') != std::string::npos) value = "\"" + value + "\"";
        }
        if (std::ranges::any_of(values, has_controls)) reader_.mistake(name, "must not hold line breaks");
        out_.lists[name] = std::move(values);
        return;
      }
      case SettingSpec::Kind::address: {
        const auto text = given || !setting.fallback.empty() ? base_url(reader_, name, setting.fallback)
                                                             : reader_.text(name, "");
        if (!text.empty()) out_.variables[name] = text;
        return;
      }
      case SettingSpec::Kind::integer: {
        if (!given && setting.fallback.empty()) {
          (void)reader_.integer(name, 0, 0, 0);
          return;
        }
        const auto fallback = setting.fallback.empty() ? 0 : std::stoll(setting.fallback);
        out_.variables[name] = std::to_string(reader_.integer(name, fallback, INT64_MIN, INT64_MAX));
        return;
      }
      case SettingSpec::Kind::flag:
        out_.variables[name] = reader_.flag(name, setting.fallback == "true") ? "true" : "false";
        return;
      case SettingSpec::Kind::text: {
        auto text = reader_.text(name, setting.fallback);
        if (has_controls(text)) reader_.mistake(name, "must not hold line breaks");
        if (given && text.empty() && setting.required) reader_.mistake(name, "must not be empty");
        if (!text.empty()) out_.variables[name] = std::move(text);
      }
    }
  }

  void read_credential() {
    out_.credential = reader_.text("credential", "");
    if (out_.credential.empty() && platform_.credential_required)
      reader_.mistake("credential",
                      "is missing: it names the stored secret that " + platform_.name + " asks for");
    out_.form = platform_.credential;
    Scope scope;
    scope.variables = &out_.variables;
    if (platform_.credential_before.empty()) return;
    if (const auto before = fill(platform_.credential_before, scope))
      out_.form.before = *before;
    else if (!out_.credential.empty())
      reader_.mistake("credential", "needs the settings in `" + platform_.credential_before.written + "`");
  }

  void read_base() {
    Scope scope;
    scope.variables = &out_.variables;
    const auto shipped = platform_.base.empty() ? std::nullopt : fill(platform_.base, scope);
    if (!shipped && input_.settings.find("base") == nullptr) {
      const bool unnamed = platform_.base.empty();
      (void)reader_.text("base", "");
      reader_.mistake("base", unnamed
                                  ? "is missing: the address of the site, such as `https://forum.example.org`"
                                  : "cannot be made: give the settings in `" + platform_.base.written + "`");
      return;
    }
    // A part of an address must not become more of it than its place is.
    for (const auto& piece : platform_.base.pieces)
      if (piece.kind == Template::Piece::Kind::variable && !is_label(out_.variables[piece.text]))
        reader_.mistake(piece.text, "must be made of letters, digits, '-' and '.'");
    out_.base = base_url(reader_, "base", shipped.value_or(""));
    set_base(out_.variables, out_.base);
  }

  void check_streams() {
    std::string names;
    for (const auto& stream : platform_.streams) {
      if (stream.each.empty() && stream.flag.empty()) return;
      if (!stream.each.empty() && !out_.lists[stream.each].empty()) return;
      if (!stream.flag.empty() && out_.variables[stream.flag] == "true") return;
      const auto& needed = stream.each.empty() ? stream.flag : stream.each;
      if (names.find("`" + needed + "`") == std::string::npos)
        names += (names.empty() ? "`" : " or `") + needed + "`";
    }
    const auto first = platform_.streams.front().each.empty() ? platform_.streams.front().flag
                                                              : platform_.streams.front().each;
    reader_.mistake(first, "is missing: name " + names);
  }

  const Platform& platform_;
  const ConnectorInput& input_;
  SettingsReader reader_;
  SourceSettings out_;
};

}  // namespace

bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

void set_base(Variables& variables, const std::string& base) {
  variables["base"] = base;
  if (const auto url = parse_url(base)) variables["host"] = url->host;
}

Result<SourceSettings> read_settings(const Platform& platform, const ConnectorInput& input) {
  return SettingsCheck(platform, input).run();
}

}  // namespace earshot::connectors::declarative
