#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/training/train.hpp"

namespace earshot::connectors {
class Connector;
}

namespace earshot::cli {

/// Everything a command may be given; each reads what concerns it.
struct Options {
  std::string config_path = "/etc/earshot/earshot.toml";
  bool config_given = false;
  std::string database;
  bool json = false;
  std::string brand;
  std::string since;
  std::string until;
  std::string source;
  std::string polarity;
  std::string issue;
  std::string lang;
  std::string search;
  std::size_t limit = 20;
  std::string format;
  std::string file;
  std::string output;
  std::string name;
  std::string metric = "volume";
  std::string outcome;
  std::string kind;
  bool matrix = false;
  std::string state;
  std::vector<std::string> sources;
  std::vector<std::string> columns;
  std::vector<std::string> rules_off;
  std::string timeout = "5m";
  long long id = 0;
  std::string verb;  ///< what to do, of commands that do several things
  bool issues_given = false;
  bool counted = false, contact = false;
  std::optional<std::string> note, owner;
  std::string by, url, due, token_file;
  std::string author;  ///< PLATFORM:NAME
  std::string from, to, text, product, edited, on;
  std::optional<long long> campaign;   ///< 0: none
  std::optional<std::string> consent;  ///< of a customer whose story may be told
  bool missing = false;                ///< questions without a page
  bool remove = false;
  bool dry_run = false;
  bool once = false;
  bool offline = false;
  bool no_backup = false;
  bool interactive = false;
  std::string query;               ///< SQL
  std::string time_limit = "10s";  ///< of a query
  int days = 0;
  std::optional<double> least, ratio, spreads;  ///< of the rule that is tried
  std::string recorded;
  bool explain = false;
  bool force = false;
  bool dead = false;
  bool all_dead = false;
  std::string destination;
  std::string recipe;
  unsigned folds = 0;
  analysis::training::TrainOptions training;
};

/// One per command; they return the exit code: 0 fine, 1 what was asked for failed, 2 wrong usage.
int init(const Options& options);
int check(const Options& options);
int poll(const Options& options);
int backfill(const Options& options);
int auth(const Options& options);
int credentials(const Options& options);
int doctor(const Options& options);
int migrate(const Options& options);
int token(const Options& options);
/// Reads recorded replies as that connector's source would, and shows what was found where.
int poll_recorded(const Options& options, const connectors::Connector& connector, const std::string& name);
int import(const Options& options);
int score(const Options& options);
int train(const Options& options);
int status(const Options& options);
int sql(const Options& options);
int top(const Options& options);
int tail(const Options& options);
int completions(const Options& options);
int man(const Options& options);
int mentions(const Options& options);
int explain(const Options& options);
int baseline(const Options& options);
int drivers(const Options& options);
int benchmark(const Options& options);
int incidents(const Options& options);
int ideas(const Options& options);
int queue(const Options& options);
/// The queue on a terminal, driven by keys.
int browse_queue(const Options& options);
/// The queue's verbs.
int decide_waiting(const Options& options);
int incident(const Options& options);
int idea(const Options& options);
int campaign(const Options& options);
int claim(const Options& options);
int misled(const Options& options);
int faq(const Options& options);
int links(const Options& options);
int glossary(const Options& options);
int movers(const Options& options);
int stories(const Options& options);
int story(const Options& options);
int label(const Options& options);
int labels(const Options& options);
int review(const Options& options);
int outbox(const Options& options);
int people(const Options& options);
/// Who they are and what they did, and how they moved from one stance to another.
int people_of_kind(const Options& options);
int stance_matrix(const Options& options);
int promises(const Options& options);
int praise_queue(const Options& options);
int conduct(const Options& options);
int roi(const Options& options);
int ror(const Options& options);
int report(const Options& options);
/// Of a kind, or in a format.
int report_page(const Options& options);
int kpi(const Options& options);
int backtest(const Options& options);
int rescore(const Options& options);
int reparse(const Options& options);
int storage(const Options& options);
int backup(const Options& options);
int export_mentions(const Options& options);
/// Everything that is kept of a person.
int export_author(const Options& options);
int erase(const Options& options);
int sources(const Options& options);

}  // namespace earshot::cli
