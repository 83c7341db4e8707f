#include "daemon/cli/completions.hpp"

#include <algorithm>

namespace earshot::cli {
namespace {

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out(text);
  for (auto at = out.find(what); at != std::string::npos; at = out.find(what, at + with.size()))
    out.replace(at, what.size(), with);
  return out;
}

/// In single quotes, as bash and zsh read them.
std::string in_quotes(std::string_view text) { return "'" + replaced(text, "'", "'\\''") + "'"; }
/// … and as fish does.
std::string fish_quoted(std::string_view text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string words_of(const OptionSpec& option) {
  std::string out;
  for (const auto word : option.choices.empty() ? option.known : option.choices)
    out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

std::string joined(const std::vector<std::string_view>& parts, std::string_view with) {
  std::string out;
  for (const auto part : parts) out += (out.empty() ? "" : std::string(with)) + std::string(part);
  return out;
}

std::vector<const OptionSpec*> arguments_of(const CommandSpec& command) {
  std::vector<const OptionSpec*> out;
  for (const auto& option : command.options)
    if (option.is_argument()) out.push_back(&option);
  return out;
}

/// What bash offers for a value: a call of one of the functions below.
std::string bash_value(const OptionSpec& option) {
  const auto words = words_of(option);
  if (!words.empty()) return (option.comma_separated ? "_earshot_list " : "_earshot_words ") + in_quotes(words);
  switch (option.kind) {
    case ValueKind::file: return "_earshot_files -f";
    case ValueKind::folder: return "_earshot_files -d";
    case ValueKind::brand: return "_earshot_names brands";
    case ValueKind::source: return "_earshot_names sources";
    default: return ":";
  }
}

constexpr const char* bash_functions = R"BASH(
_earshot_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

# The last of several with commas between.
_earshot_list() {
  local before=
  [[ $cur == *,* ]] && before=${cur%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
  compopt -o nospace 2>/dev/null
}

_earshot_files() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
  compopt -o filenames 2>/dev/null
}

# Names that the configuration or database holds.
_earshot_names() {
  local -a place=()
  local i name typed quote=
  for ((i = 2; i + 1 < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      --config | --db) place+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]/#\~/$HOME}") ;;
    esac
  done
  typed=$cur
  case $typed in
    \"* | \'*) quote=${typed:0:1} typed=${typed:1} ;;
    *) typed=${typed//\\/} ;;
  esac
  while IFS= read -r name; do
    [[ $name == "$typed"* ]] || continue
    if [[ -z $quote ]]; then
      COMPREPLY+=("$(printf %q "$name")")
    elif [[ $name != *[\'\"\$\`\\!]* ]]; then
      COMPREPLY+=("$name")
    fi
  done < <(command earshot completions "$1" "${place[@]}" 2>/dev/null)
}
)BASH";

constexpr const char* bash_end = R"BASH(
_earshot() {
  local cur=${COMP_WORDS[COMP_CWORD]} option= with_value options i arguments=0
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _earshot_words "$_earshot_commands"
    return
  fi
  local command=${COMP_WORDS[1]}
  _earshot_command || return
  # `--option=value` comes as three words.
  if [[ $cur == = ]]; then
    option=${COMP_WORDS[COMP_CWORD - 1]} cur=
  elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ " $with_value " == *" ${COMP_WORDS[COMP_CWORD - 1]} "* ]]; then
    option=${COMP_WORDS[COMP_CWORD - 1]}
  fi
  if [[ -n $option ]]; then
    _earshot_value
    return
  fi
  if [[ $cur == -* ]]; then
    _earshot_words "$options"
    return
  fi
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ " $with_value " == *" ${COMP_WORDS[i]} "* ]]; then
      ((++i))
    elif [[ ${COMP_WORDS[i]} != -* && ${COMP_WORDS[i]} != = ]]; then
      ((++arguments))
    fi
  done
  option=$arguments
  _earshot_value
}
complete -F _earshot earshot
)BASH";

/// Square brackets and colons mean something in zsh's descriptions.
std::string zsh_text(std::string_view text) {
  return replaced(replaced(replaced(replaced(text, "\\", "\\\\"), "[", "\\["), "]", "\\]"), ":", "\\:");
}

std::string zsh_action(const OptionSpec& option) {
  const auto words = words_of(option);
  const auto name = option.is_argument() ? std::string(option.names) : option.value_name();
  if (!words.empty())
    return ":" + name + ":" +
           (option.comma_separated ? "_values -s , " + name + " " + words : "(" + words + ")");
  switch (option.kind) {
    case ValueKind::file: return ":" + name + ":_files";
    case ValueKind::folder: return ":" + name + ":_files -/";
    case ValueKind::brand: return ":" + name + ":_earshot_names brands";
    case ValueKind::source: return ":" + name + ":_earshot_names sources";
    default: return ":" + name + ": ";
  }
}

constexpr const char* zsh_begin = R"ZSH(
# Names that the configuration or database holds.
_earshot_names() {
  local -a place names
  local i
  for ((i = 2; i < CURRENT - 1; ++i)); do
    [[ $words[i] == (--config|--db) ]] && place+=($words[i] ${(Q)words[i+1]})
  done
  names=(${(f)"$(command earshot completions $1 $place 2>/dev/null)"})
  compadd -a names
}
)ZSH";

std::string fish_value(const OptionSpec& option) {
  const auto words = words_of(option);
  if (!words.empty())
    return " -x -a " + fish_quoted(option.comma_separated ? "(__fish_append , " + words + ")" : words);
  switch (option.kind) {
    case ValueKind::file: return " -r -F";
    case ValueKind::folder: return " -x -a '(__fish_complete_directories)'";
    case ValueKind::brand: return " -x -a '(__earshot_names brands)'";
    case ValueKind::source: return " -x -a '(__earshot_names sources)'";
    default: return " -x";
  }
}

constexpr const char* fish_begin = R"FISH(
function __earshot_is
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test $words[2] = $argv[1]
end

# Whether the word behind the command is the one that is being written.
function __earshot_first
    __earshot_is $argv[1]; and test (count (commandline -opc)) -eq 2
end

# Names that the configuration or database holds.
function __earshot_names
    set -l words (commandline -opc)
    set -l place
    for i in (seq 2 (math (count $words) - 1))
        if contains -- $words[$i] --config --db
            set -a place $words[$i] $words[(math $i + 1)]
        end
    end
    command earshot completions $argv[1] $place 2>/dev/null
end

complete -c earshot -f
complete -c earshot -n 'test (count (commandline -opc)) -eq 1' -l help -s h -d 'Print this help message and exit'
complete -c earshot -n 'test (count (commandline -opc)) -eq 1' -l version -d 'Display program version information and exit'
)FISH";

}  // namespace

std::string bash_completions(const Program& program) {
  std::string names = "--help --version", commands, values;
  for (const auto& command : program.commands) {
    names += " " + std::string(command.name);
    std::string options = "--help", with_value;
    int place = 0;
    for (const auto& option : command.options) {
      const auto spellings = option.spellings();
      const auto one = option.is_argument() ? std::to_string(place++) : joined(spellings, " | ");
      if (!option.is_argument()) options += " " + joined(spellings, " ");
      if (option.is_flag()) continue;
      if (!option.is_argument()) with_value += (with_value.empty() ? "" : " ") + joined(spellings, " ");
      std::string pattern;
      for (const auto spelling : spellings)
        pattern += (pattern.empty() ? "" : " | ") + std::string(command.name) + ":" +
                   (option.is_argument() ? one : std::string(spelling));
      values += "    " + pattern + ") " + bash_value(option) + " ;;\n";
    }
    commands += "    " + std::string(command.name) + ") options=" + in_quotes(options) +
                " with_value=" + in_quotes(with_value) + " ;;\n";
  }
  return "# earshot: completion for bash, made from the tool's own tables.\n_earshot_commands=" +
         in_quotes(names) + "\n" + bash_functions + "\n_earshot_command() {\n  case $command in\n" + commands +
         "    *) return 1 ;;\n  esac\n}\n\n_earshot_value() {\n  case $command:$option in\n" + values +
         "  esac\n}\n" + bash_end;
}

std::string zsh_completions(const Program& program) {
  std::string out = "#compdef earshot\n# earshot: completion for zsh, made from the tool's own tables.\n";
  out += zsh_begin;
  out += "\n_earshot() {\n  local -a commands\n  commands=(\n";
  for (const auto& command : program.commands)
    out += "    " + in_quotes(std::string(command.name) + ":" + zsh_text(command.purpose)) + "\n";
  out +=
      "  )\n  if ((CURRENT == 2)); then\n    _describe -t commands command commands\n    return\n  fi\n"
      "  local command=$words[2]\n  case $command in\n";
  for (const auto& command : program.commands) {
    out += "    " + std::string(command.name) +
           ")\n      shift words\n      ((CURRENT--))\n      _arguments -s \\\n";
    for (const auto& option : command.options) {
      if (option.is_argument()) continue;
      const auto spellings = option.spellings();
      // Given once, it and its other spellings are offered no more.
      const auto others = option.is_repeatable() ? "*" : "(" + joined(spellings, " ") + ")";
      for (const auto spelling : spellings)
        out += "        " +
               in_quotes(others + std::string(spelling) + "[" + zsh_text(option.help) + "]" +
                      (option.is_flag() ? "" : zsh_action(option))) +
               " \\\n";
    }
    for (const auto* argument : arguments_of(command))
      out += "        " + in_quotes((argument->required ? "" : ":") + zsh_action(*argument)) + " \\\n";
    out += "        '(- *)--help[Print this help message and exit]'\n      ;;\n";
  }
  return out + "  esac\n}\n\n_earshot \"$@\"\n";
}

std::string fish_completions(const Program& program) {
  std::string out = "# earshot: completion for fish, made from the tool's own tables.\n";
  out += fish_begin;
  for (const auto& command : program.commands) {
    const std::string name(command.name);
    out += "complete -c earshot -n 'test (count (commandline -opc)) -eq 1' -a " + name + " -d " +
           fish_quoted(command.purpose) + "\n";
    const auto begin = "complete -c earshot -n '__earshot_is " + name + "'";
    out += begin + " -l help -s h -d 'Print this help message and exit'\n";
    for (const auto& option : command.options) {
      if (option.is_argument()) continue;
      out += begin;
      for (const auto spelling : option.spellings())
        out += spelling.starts_with("--") ? " -l " + std::string(spelling.substr(2))
                                          : " -s " + std::string(spelling.substr(1));
      if (!option.is_flag()) out += fish_value(option);
      out += " -d " + fish_quoted(option.help) + "\n";
    }
    const auto arguments = arguments_of(command);
    for (const auto* argument : arguments) {
      const bool first = argument == arguments.front();
      const auto value = fish_value(*argument);
      if (value == " -x" || (!first && argument->kind != ValueKind::file)) continue;
      out +=
          "complete -c earshot -n '" + std::string(first ? "__earshot_first " : "__earshot_is ") + name + "'";
      out += argument->kind == ValueKind::file ? " -F" : value.substr(value.find(" -a"));
      out += "\n";
    }
  }
  return out;
}

}  // namespace earshot::cli
