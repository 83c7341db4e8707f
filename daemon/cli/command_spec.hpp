#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/cli/options.hpp"

/// What a program may be told, as data: the parser, the help, the completions and the manual pages are made
/// from it.
namespace earshot::cli {

using analysis::training::TrainOptions;

/// Where a value goes. A flag has no value; of a list there may be several.
using Target =
    std::variant<std::string Options::*, bool Options::*, int Options::*, unsigned Options::*,
                 std::size_t Options::*, long long Options::*, std::optional<std::string> Options::*,
                 std::optional<long long> Options::*, std::optional<double> Options::*,
                 std::vector<std::string> Options::*, double TrainOptions::*, unsigned TrainOptions::*>;

/// What kind of value it is; says how it is named and completed, the target says how it is read.
enum class ValueKind { text, file, folder, source, brand, mention, time, duration };

struct WholeRange {
  int low = 0, high = 0;
};
struct RealRange {
  double low = 0, high = 0;
};

struct OptionSpec {
  std::string_view names;  ///< "--brand", "-n,--dry-run"; without a dash it is an argument
  Target target;
  std::string_view help;
  ValueKind kind = ValueKind::text;
  std::vector<std::string_view> choices = {};  ///< the only values there are
  std::vector<std::string_view> known = {};    ///< values to offer; the command says what it takes
  std::variant<std::monostate, WholeRange, RealRange> range = {};
  bool required = false;
  bool shows_default = false;      ///< its default stands in the help
  bool comma_separated = false;    ///< several values may stand in one, with commas between
  bool Options::*given = nullptr;  ///< set when it was given at all

  bool is_argument() const { return !names.starts_with('-'); }
  bool is_flag() const { return std::holds_alternative<bool Options::*>(target); }
  bool is_repeatable() const { return std::holds_alternative<std::vector<std::string> Options::*>(target); }
  /// "-n", "--dry-run"; of an argument its name.
  std::vector<std::string_view> spellings() const;
  /// How its value is called: "FILE", "N", "BRAND"; empty for flags.
  std::string value_name() const;
  /// Its default as the manual prints it; empty where it has none worth saying.
  std::string default_text() const;
};

using OptionList = std::vector<OptionSpec>;
/// The lists behind one another.
OptionList operator+(OptionList first, OptionList then);

/// The order in which help and manual go through the commands.
enum class CommandGroup { set_up, look, decide, keep, tool };
std::string_view title(CommandGroup group);

struct CommandSpec {
  std::string_view name;
  CommandGroup group;
  std::string_view purpose;   ///< one line
  std::string_view examples;  ///< lines that begin with two spaces
  int (*run)(const Options& options);
  OptionList options = {};
  std::string_view fails = "What was asked for failed.";  ///< when it exits with 1
};

/// One of the two programs.
struct Program {
  std::string_view name, purpose, examples;
  OptionList options = {};                 ///< of the program itself
  std::vector<CommandSpec> commands = {};  ///< one of them must be given; none: `run`
  int (*run)(const Options& options) = nullptr;
};

/// --config and --db, which every command has.
OptionList database_options();
/// --brand, --since, --until, --json.
OptionList reading_options();
/// --by, --token-file, --json: of commands that change something.
OptionList acting_options();
OptionSpec json_option();
/// How many; `most` at most.
OptionSpec limit_option(int most, std::string_view help = "How many");

/// Names of the fixed issue types, polarities that mentions can be asked for, formats of export: values that
/// several options offer.
std::vector<std::string_view> known_issues();
std::vector<std::string_view> known_polarities();

/// The `earshot` tool with all its commands.
Program tool_program();
/// earshotd, without what it runs.
Program daemon_program();

/// Reads the words and runs what they ask for; the exit code. Help, version and mistakes print themselves.
int run_program(const Program& program, int argc, const char* const* argv);

}  // namespace earshot::cli
