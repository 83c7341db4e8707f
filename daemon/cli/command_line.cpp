// The one reader of command lines: what a Program says becomes CLI11's options, and help that begins with
// examples.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "core/base/text.hpp"
#include "core/base/version.hpp"
#include "daemon/cli/command_spec.hpp"

namespace earshot::cli {
namespace {

class ExamplesFirst : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    auto help = CLI::Formatter::make_help(app, std::move(name), mode);
    const auto& examples = app->get_footer();
    if (mode == CLI::AppFormatMode::All || examples.empty()) return help;
    const auto at = help.rfind(examples);
    if (at != std::string::npos) help.erase(at);
    return "Examples:\n" + examples + "\n\n" + help;
  }
};

template <typename Member>
auto& member(Options& options, Member Options::*target) {
  return options.*target;
}
template <typename Member>
auto& member(Options& options, Member TrainOptions::*target) {
  return options.training.*target;
}

CLI::Option* add(CLI::App& app, const OptionSpec& spec, Options& options) {
  const std::string names(spec.names), help(spec.help);
  return std::visit(
      [&](auto target) -> CLI::Option* {
        auto& value = member(options, target);
        if constexpr (std::is_same_v<decltype(target), bool Options::*>)
          return app.add_flag(names, value, help);
        else
          return app.add_option(names, value, help);
      },
      spec.target);
}

void add_all(CLI::App& app, const OptionList& list, Options& options) {
  for (const auto& spec : list) {
    auto* option = add(app, spec, options);
    if (spec.required) option->required();
    if (spec.comma_separated) option->delimiter(',');
    if (spec.shows_default) option->capture_default_str();
    if (!spec.choices.empty())
      option->check(CLI::IsMember(std::vector<std::string>(spec.choices.begin(), spec.choices.end())));
    if (const auto* whole = std::get_if<WholeRange>(&spec.range))
      option->check(CLI::Range(whole->low, whole->high));
    if (const auto* real = std::get_if<RealRange>(&spec.range))
      option->check(CLI::Range(real->low, real->high));
  }
}

void note_given(const CLI::App& app, const OptionList& list, Options& options) {
  for (const auto& spec : list)
    if (spec.given) options.*spec.given = app.count(std::string(spec.spellings().front())) > 0;
}

/// What is wrong with the command's name; empty: nothing.
std::string unknown_command(const Program& program, int argc, const char* const* argv) {
  if (program.commands.empty() || argc < 2 || argv[1][0] == '-') return {};
  std::vector<std::string> names;
  for (const auto& command : program.commands) names.emplace_back(command.name);
  if (std::ranges::find(names, argv[1]) != names.end()) return {};
  const auto near = nearest_name(argv[1], names);
  return "there is no command '" + printable(argv[1]) + "'" +
         (near.empty() ? "" : ", did you mean '" + near + "'?") + "; " + std::string(program.name) +
         " --help lists them all";
}

}  // namespace

int run_program(const Program& program, int argc, const char* const* argv) {
  const std::string name(program.name);
  CLI::App app(name + " - " + std::string(program.purpose));
  app.formatter(std::make_shared<ExamplesFirst>());
  app.footer(std::string(program.examples));
  app.set_version_flag("--version", name + " " + std::string(product_version));
  Options options;
  int code = 0;
  add_all(app, program.options, options);
  if (!program.commands.empty()) app.require_subcommand(1);
  for (const auto& command : program.commands) {
    auto* sub = app.add_subcommand(std::string(command.name), std::string(command.purpose));
    sub->group(std::string(title(command.group)));
    sub->footer(std::string(command.examples));
    const auto* list = &command.options;
    add_all(*sub, *list, options);
    sub->callback([run = command.run, list, sub, &options, &code] {
      note_given(*sub, *list, options);
      code = run(options);
    });
  }
  if (const auto wrong = unknown_command(program, argc, argv); !wrong.empty()) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), wrong.c_str());
    return 2;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : 2;
  }
  if (!program.commands.empty()) return code;
  note_given(app, program.options, options);
  return program.run(options);
}

}  // namespace earshot::cli
