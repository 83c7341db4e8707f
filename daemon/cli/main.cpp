// earshot: the command-line tool. This file knows the options; the commands are in the files beside it.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "daemon/cli/options.hpp"

namespace {

using earshot::cli::Options;

/// Help that begins with examples.
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

void add_reading(CLI::App* command, Options& o) {
  command->add_option("--brand", o.brand, "Only this brand");
  command->add_option("--since", o.since, "From this time: 2026-03-01, RFC 3339, 7d, \"2 hours ago\"");
  command->add_option("--until", o.until, "Up to this time");
  command->add_flag("--json", o.json, "JSON for machines");
}

/// Of commands that change something.
void add_acting(CLI::App* command, Options& o) {
  command->add_option("--by", o.by, "Who says so (default: your user name)");
  command->add_option("--token-file", o.token_file,
                      "Token for the running daemon, which is asked to do it (or EARSHOT_TOKEN)");
  command->add_flag("--json", o.json, "JSON for machines");
}

CLI::App* command(CLI::App& app, const char* name, const char* what, const char* examples,
                  int (*run)(const Options&), Options& o, int& code) {
  auto* sub = app.add_subcommand(name, what);
  sub->footer(examples);
  sub->add_option("--config", o.config_path, "Configuration file")->capture_default_str();
  sub->add_option("--db", o.database, "Database file, instead of the configured one");
  sub->callback([run, sub, &o, &code] {
    o.config_given = sub->count("--config") > 0;
    code = run(o);
  });
  return sub;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace earshot::cli;
  // A core dump would hold the secrets that some commands read.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  CLI::App app("earshot - asks and feeds the social-listening database");
  app.formatter(std::make_shared<ExamplesFirst>());
  app.footer(
      "  earshot init --brand \"Acme Cloud\"       write a configuration\n"
      "  earshot report --brand \"Acme Cloud\"     what is normal, what broke, what to write\n"
      "  earshot mentions --search '\"red light\"' --since 2d\n"
      "  earshot COMMAND --help");
  app.set_version_flag("--version", "earshot 0.1.0");
  app.require_subcommand(1);
  Options o;
  int code = 0;

  auto* sub = command(app, "init", "Write a commented configuration",
                      "  earshot init --brand \"Acme Cloud\"\n  earshot init --brand Acme --sources "
                      "bluesky,news --output acme.toml",
                      init, o, code);
  sub->add_option("--brand", o.brand, "Name of the brand")->required();
  sub->add_option("--sources", o.sources, "bluesky, mastodon, hacker_news, news")->delimiter(',');
  sub->add_option("--output", o.output, "File to write (default earshot.toml)");
  sub->add_flag("--force", o.force, "Replace the file when it is there");

  sub = command(app, "check", "Find every mistake in a configuration, and run its examples",
                "  earshot check --config /etc/earshot/earshot.toml", check, o, code);
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "sources", "List the connectors there are", "  earshot sources", sources, o, code);
  sub->add_flag("--json", o.json, "JSON for machines");

  sub =
      command(app, "poll", "Poll one source now",
              "  earshot poll forum --dry-run              print what it brings, store nothing\n"
              "  earshot poll forum --recorded page.json   read a recorded reply, show what was found where",
              poll, o, code);
  sub->add_option("source", o.name, "Name of the source")->required();
  sub->add_flag("-n,--dry-run", o.dry_run, "Store nothing");
  sub->add_option("--recorded", o.recorded, "A reply's JSON, or lines {\"url\",\"body\"}: nothing is asked");
  sub->add_flag("--json", o.json, "JSON for machines");

  sub =
      command(app, "auth", "Grant a source access to an account, in a browser",
              "  earshot auth x-mentions     prints the address to open; waits for the browser to come back",
              auth, o, code);
  sub->add_option("source", o.name, "Name of the source, or of its [[credential]]")->required();
  sub->add_option("--timeout", o.timeout, "How long to wait for the browser")->capture_default_str();

  sub = command(app, "credentials", "Which secrets are needed, and where each was found",
                "  earshot credentials --config /etc/earshot/earshot.toml", credentials, o, code);
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(
      app, "token", "Make a token for the HTTP API",
      "  earshot token grafana --scope read,metrics    prints it, and the lines for the configuration", token,
      o, code);
  sub->add_option("name", o.name, "What it is for")->required();
  sub->add_option("--scope", o.sources, "What it may do: read, act, ingest, metrics, admin (default: read)")
      ->delimiter(',');

  sub = command(app, "import", "Store mentions from a file",
                "  earshot import posts.ndjson --source archive\n"
                "  earshot import survey.csv --source survey --column text=Comment --column created_at=Date",
                import, o, code);
  sub->add_option("file", o.file, "File, or - for standard input")->required();
  sub->add_option("--source", o.source, "Name under which the mentions are kept");
  sub->add_option("--format", o.format, "ndjson, csv or mbox (default by the file's name)");
  sub->add_option("--platform", o.name, "Platform of lines that name none");
  sub->add_option("--brand", o.brand, "The brand that every line is about");
  sub->add_option("--column", o.columns, "CSV: FIELD=NAME of its column");

  sub = command(app, "score", "Label lines {\"id\",\"text\"[,\"brand\"][,\"lang\"]} from standard input",
                "  echo '{\"id\":\"1\",\"text\":\"still waiting for my refund\"}' | earshot score --explain",
                score, o, code);
  sub->add_flag("--explain", o.explain, "Add the evidence");
  sub->add_option("--rules-off", o.rules_off, "Rules of sentiment to do without")->delimiter(',');

  sub = command(app, "rescore", "Judge everything stored again by today's lexicon",
                "  earshot rescore --dry-run --since 30d    what would change, by brand and by term\n"
                "  earshot rescore                          goes on where it was broken off",
                rescore, o, code);
  sub->add_flag("-n,--dry-run", o.dry_run, "Change nothing, only say what would");
  sub->add_option("--since", o.since, "Only what is newer: 2026-03-01, 30d");
  sub->add_option("--brand", o.brand, "Print this brand alone");
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "storage", "How much there is, and how long the disk lasts", "  earshot storage",
                storage, o, code);
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "backup", "Copy the database while the daemon goes on",
                "  earshot backup /srv/backup/earshot-2026-11-27.db\n"
                "  to restore: stop the daemon, put the copy in the database's place, start it",
                backup, o, code);
  sub->add_option("file", o.file, "New file")->required();

  sub = command(app, "train", "Learn lexicon weights from labelled posts",
                "  earshot train --data labels.jsonl --out overlay/\n"
                "  earshot train --data SETS --recipe analysis/training/en.recipe --out analysis/data   the "
                "shipped weights\n"
                "  earshot train --data SETS --recipe analysis/training/en.recipe --folds 5             how "
                "good they are",
                train, o, code);
  sub->add_option("--data", o.file, "Labelled lines, or with --recipe the folder of its sets")->required();
  sub->add_option("--out", o.output, "Folder the learned layers are written to");
  sub->add_option("--recipe", o.recipe,
                  "Which sets teach what; without it, labels of your own change the shipped weights");
  sub->add_option("--lang", o.name, "Language of the posts (en)");
  sub->add_option("--rules-off", o.rules_off, "Rules of sentiment to learn without")->delimiter(',');
  sub->add_option("--folds", o.folds, "Only print figures of a cross-validation with so many folds");
  sub->add_option("--only", o.metric, "With --folds: polarity or topics")
      ->check(CLI::IsMember({"polarity", "topics"}));
  sub->add_option("--penalty", o.training.penalty, "Price of a word's weight in the polarity model")
      ->capture_default_str();
  sub->add_option("--balance", o.training.balance, "0: classes as frequent as they are, 1: all the same")
      ->capture_default_str();
  sub->add_option("--words-min", o.training.words_min, "Posts a word must stand in; with --recipe only")
      ->capture_default_str();
  sub->add_option("--pairs-min", o.training.pairs_min,
                  "Posts a pair of words must stand in; with --recipe only")
      ->capture_default_str();
  sub->add_option("--topic-penalty", o.training.topic_penalty, "The same for topics")->capture_default_str();
  sub->add_option("--topic-feature-penalty", o.training.topic_feature_penalty,
                  "Price of a feature's distance from its prior")
      ->capture_default_str();
  sub->add_option("--topic-balance", o.training.topic_balance, "The same for topics")->capture_default_str();
  sub->add_option("--topic-words-min", o.training.topic_words_min, "The same for topics")
      ->capture_default_str();
  sub->add_option("--topic-pairs-min", o.training.topic_pairs_min, "The same for topics")
      ->capture_default_str();

  sub = command(app, "status", "How every source is doing", "  earshot status", status, o, code);
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "mentions", "List mentions, newest first",
                "  earshot mentions --brand Acme --polarity negative --issue billing --since 7d\n"
                "  earshot mentions --search 'router AND \"red light\"'",
                mentions, o, code);
  add_reading(sub, o);
  sub->add_option("--search", o.search, "Full text: words, \"a phrase\", prefix*, AND OR NOT, NEAR(a b, 5)");
  sub->add_option("--polarity", o.polarity, "positive, neutral, negative or unscored");
  sub->add_option("--issue", o.issue, "Issue type, such as billing; none: without any");
  sub->add_flag("--contact", o.contact, "Only what asks for an answer");
  sub->add_flag("--counted", o.counted, "Only what figures count: without your own posts and spam");
  sub->add_option("--source", o.source, "Name of the source");
  sub->add_option("--lang", o.lang, "Language, such as de; und: not recognised");
  sub->add_option("--product", o.product, "Only what names this product");
  sub->add_option("--before", o.id, "Only older than this mention (for the next page)");
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 10'000));

  sub = command(app, "explain", "Why a mention was judged as it was", "  earshot explain 3541234567890123",
                explain, o, code);
  sub->add_option("id", o.id, "Id of the mention")->required();
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "baseline", "What is normal, and how the last week differs",
                "  earshot baseline --brand Acme\n  earshot baseline --brand Acme --metric net_sentiment\n"
                "  earshot baseline --brand Acme --issue billing --metric authors",
                baseline, o, code);
  add_reading(sub, o);
  sub->add_option("--issue", o.issue, "Of one issue type: volume or authors, of all sources");
  sub->add_option("--metric", o.metric,
                  "volume, authors, net_sentiment, negative_author_share or response_time (seconds)")
      ->capture_default_str();
  sub->add_option("--source", o.source, "Name of the source (default: all together)");

  sub = command(app, "drivers", "What moves net sentiment: which issue types, how far, and why",
                "  earshot drivers --brand Acme                the last seven days against the weeks before\n"
                "  earshot drivers --brand Acme --since 2026-03-01 --until 2026-04-01",
                drivers, o, code);
  add_reading(sub, o);

  sub = command(app, "benchmark", "Share of voice and sentiment beside the competitors",
                "  earshot benchmark --brand Acme --since 28d", benchmark, o, code);
  add_reading(sub, o);

  sub = command(app, "incidents", "Widespread problems, newest first", "  earshot incidents --brand Acme",
                incidents, o, code);
  add_reading(sub, o);

  sub = command(app, "backtest", "Which incidents another rule would have raised, and when",
                "  earshot backtest --days 56                        the rule as it is\n"
                "  earshot backtest --days 56 --least 8 --ratio 4    a calmer one",
                backtest, o, code);
  sub->add_option("--brand", o.brand, "Only this brand");
  sub->add_option("--days", o.days, "How far back")->required()->check(CLI::Range(1, 366));
  sub->add_option("--until", o.until, "Up to this time (default: behind the newest mention)");
  sub->add_option("--least", o.least, "People in an hour that there must be (5)")
      ->check(CLI::Range(1.0, 1e6));
  sub->add_option("--ratio", o.ratio, "Times what is expected (3)")->check(CLI::Range(1.0, 1e3));
  sub->add_option("--spreads,--threshold", o.spreads, "Spreads above what is expected (5)")
      ->check(CLI::Range(0.0, 1e3));
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "ideas", "Questions worth an article, best first",
                "  earshot ideas --brand Acme --limit 5", ideas, o, code);
  add_reading(sub, o);
  sub->add_option("--state", o.state,
                  "new, accepted, writing, published or rejected (default: all but rejected)")
      ->check(CLI::IsMember({"new", "accepted", "writing", "published", "rejected"}));
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 1'000));

  sub = command(app, "queue", "Who waits for an answer, most urgent first",
                "  earshot queue --brand Acme --limit 10\n"
                "  earshot queue done ID --note \"by phone\"   also dismiss, reopen\n"
                "  earshot queue snooze ID --until 2d\n  earshot queue assign ID --owner kim",
                queue, o, code);
  sub->add_option("--kind", o.kind, "waiting (default), or praise: who deserves a thank-you")
      ->check(CLI::IsMember({"waiting", "praise"}));
  sub->add_option("verb", o.verb, "done, snooze, assign, dismiss or reopen")
      ->check(CLI::IsMember({"done", "snooze", "assign", "dismiss", "reopen"}));
  sub->add_option("id", o.id, "Id of the mention");
  sub->add_option("--brand", o.brand, "Only this brand");
  sub->add_option("--owner", o.owner, "Who looks after it (default of assign: you)");
  sub->add_option("--until", o.until, "Until when: 4h, 3d, 2026-12-01");
  sub->add_option("--note", o.note, "What others should know");
  add_acting(sub, o);
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 1'000));

  sub = command(app, "incident", "Look at one incident, or look after it",
                "  earshot incident show 7\n  earshot incident own 7 --owner kim\n"
                "  earshot incident ack 7 --note \"the router firmware; fix on Friday\"",
                incident, o, code);
  sub->add_option("verb", o.verb, "show, own, ack or reopen")
      ->required()
      ->check(CLI::IsMember({"show", "own", "ack", "reopen"}));
  sub->add_option("id", o.id, "Number of the incident")->required();
  sub->add_option("--owner", o.owner, "Who looks after it (default of own: you)");
  sub->add_option("--note", o.note, "What others should know");
  add_acting(sub, o);

  sub = command(app, "idea", "Take up an idea, and say how far it is",
                "  earshot idea accept 7 --owner kim --due 2w\n  earshot idea write 7\n"
                "  earshot idea publish 7 --url https://acme.example/help/reset\n  earshot idea reject 7",
                idea, o, code);
  sub->add_option("verb", o.verb, "show, accept, own, write, publish, reject or reopen")
      ->required()
      ->check(CLI::IsMember({"show", "accept", "own", "write", "publish", "reject", "reopen"}));
  sub->add_option("id", o.id, "Number of the idea")->required();
  sub->add_option("--owner", o.owner, "Who writes it (default of own: you)");
  sub->add_option("--due", o.due, "When it is due: 2w, 2026-12-01");
  sub->add_option("--on", o.on,
                  "With publish: the day (default: today), from which on it is measured whether it helped");
  sub->add_option("--url", o.url, "Where it stands");
  sub->add_option("--note", o.note, "What others should know");
  add_acting(sub, o);

  sub = command(app, "misled", "Who says they were misled: by which claim, or in which words",
                "  earshot misled --brand Acme\n  earshot misled --json", misled, o, code);
  sub->add_option("--brand", o.brand, "Only this brand");
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "faq", "Questions with their best public answers, as a page",
                "  earshot faq --brand Acme --output faq.md\n"
                "  earshot faq --format jsonld        schema.org FAQPage, for a <script> of your page",
                faq, o, code);
  sub->add_option("--brand", o.brand, "The brand (default: the first)");
  sub->add_option("--format", o.format, "markdown or jsonld (default: markdown)")
      ->check(CLI::IsMember({"markdown", "jsonld"}));
  sub->add_option("--output", o.output, "File (default: standard output)");
  sub->add_option("--limit", o.limit, "How many questions")->capture_default_str()->check(CLI::Range(1, 200));

  sub =
      command(app, "campaign", "What the brand does for a while: it is expected to be talked about",
              "  earshot campaign add --brand Acme --name \"Summer sale\" --from 2026-06-01 --to 2026-06-14\n"
              "  earshot campaign list\n  earshot campaign end 3",
              campaign, o, code);
  sub->add_option("verb", o.verb, "add, edit, end, list or show")
      ->required()
      ->check(CLI::IsMember({"add", "edit", "end", "list", "show"}));
  sub->add_option("id", o.id, "Number of the campaign, of all but add and list");
  sub->add_option("--brand", o.brand, "The brand");
  sub->add_option("--name", o.name, "What it is called; its words are looked for in what people write");
  sub->add_option("--from", o.from, "First day, or time (default: today)");
  sub->add_option("--to", o.to, "Last day, or time; none: it goes on");
  sub->add_option("--url", o.url, "Where it stands");
  sub->add_option("--note", o.note, "What others should know");
  add_acting(sub, o);

  sub = command(app, "claim", "What the brand promises, so that people who feel misled by it are counted",
                "  earshot claim add --brand Acme --campaign 3 --text \"free delivery, always\"\n"
                "  earshot claim edit 5 --text \"free delivery from 30 EUR\"   what was said before is kept\n"
                "  earshot claim show 5",
                claim, o, code);
  sub->add_option("verb", o.verb, "add, edit, end, list or show")
      ->required()
      ->check(CLI::IsMember({"add", "edit", "end", "list", "show"}));
  sub->add_option("id", o.id, "Number of the claim, of all but add and list");
  sub->add_option("--brand", o.brand, "The brand");
  sub->add_option("--campaign", o.campaign, "Number of the campaign it belongs to; 0: none");
  sub->add_option("--product", o.product, "The product it is about");
  sub->add_option("--text", o.text, "Its words");
  sub->add_option("--from", o.from, "First day, or time (default: the campaign's, else today)");
  sub->add_option("--to", o.to, "Last day, or time; none: it goes on");
  sub->add_option("--edited", o.edited, "When its words were changed (default: now, where they are)");
  sub->add_option("--url", o.url, "Where it stands");
  add_acting(sub, o);

  sub = command(app, "label", "Overrule a verdict, for ever",
                "  earshot label ID --polarity negative --why irony\n"
                "  earshot label ID --issue billing,refund     the main one first; none: no type applies\n"
                "  earshot label ID --remove                   the rules' verdict returns",
                label, o, code);
  sub->add_option("id", o.id, "Id of the mention")->required();
  sub->add_option("--brand", o.brand, "The brand that is judged, where the mention speaks of several");
  sub->add_option("--polarity", o.polarity, "negative, neutral or positive");
  sub->add_option_function<std::string>(
      "--issue", [&o](const std::string& text) { o.issue = text, o.issues_given = true; },
      "Issue types with commas between");
  sub->add_option("--why,--note", o.note, "Why; goes when its author deletes the post");
  sub->add_flag("--remove", o.remove, "Take the label back");
  add_acting(sub, o);

  sub =
      command(app, "labels", "Carry labels out and in, as lines of JSON that `earshot train` reads",
              "  earshot labels export --output labels.jsonl\n  earshot labels import labels.jsonl --by team",
              labels, o, code);
  sub->add_option("verb", o.verb, "import or export")->required()->check(CLI::IsMember({"import", "export"}));
  sub->add_option("file", o.file, "File to import, or - for standard input");
  sub->add_option("--brand", o.brand, "Of this brand; when importing, of lines that name none");
  sub->add_option("--output", o.output, "File to export to (default: standard output)");
  add_acting(sub, o);

  sub = command(app, "review", "Label one post after the other, the most telling first",
                "  earshot review --brand Acme --limit 50\n"
                "  1 negative  2 neutral  3 positive  i issues  s skip  z undo  q quit",
                review, o, code);
  sub->add_option("--brand", o.brand, "The brand that is judged (default: the first)");
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 1'000));
  add_acting(sub, o);
  sub = command(app, "outbox", "What was told to whom, what waits, and dead letters",
                "  earshot outbox --destination care       what waits there, and what it got\n"
                "  earshot outbox --dead                   what was given up\n"
                "  earshot outbox retry 17                 sends a dead letter again; or --all-dead\n"
                "  earshot outbox drop 17                  it goes out no more\n"
                "  earshot outbox test care                sends an example, marked as one",
                outbox, o, code);
  sub->add_option("action", o.name, "list (the default), retry, drop or test")
      ->check(CLI::IsMember({"list", "retry", "drop", "test"}));
  sub->add_option("what", o.file, "With retry and drop the id, with test the destination");
  sub->add_option("--destination", o.destination, "Only this destination");
  sub->add_flag("--dead", o.dead, "Only what was given up");
  sub->add_flag("--all-dead", o.all_dead, "With retry: every dead letter");
  sub->add_option("--token-file", o.token_file, "Token for the running daemon (or EARSHOT_TOKEN)");
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 10'000));
  sub->add_flag("--json", o.json, "JSON for machines");

  sub = command(app, "people", "How the stories of unhappy customers went on, with the evidence",
                "  earshot people --brand Acme --outcome converted   unhappy people who praise you now\n"
                "  earshot people --outcome angry --since 30d\n"
                "  earshot people --kind defender   who takes your part\n"
                "  earshot people --matrix          how people moved from one stance to another, by month",
                people, o, code);
  add_reading(sub, o);
  sub->add_option("--outcome", o.outcome,
                  "converted, converted_alone, relieved, angry, silent, unanswered, open");
  sub->add_option(
      "--kind", o.kind,
      "Instead: ranter, raver, advocate, defender; customer, staff, press, bot, affiliate, community; "
      "referral, purchase_intent, churn_threat, switched_from, switched_to, peer_answer");
  sub->add_flag("--matrix", o.matrix, "Instead: moves between stances by month");
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 10'000));

  sub = command(app, "promises", "What your replies promised, and whether it was kept",
                "  earshot promises --state missed --since 30d", promises, o, code);
  add_reading(sub, o);
  sub->add_option("--state", o.state, "open, kept, late or missed")
      ->check(CLI::IsMember({"open", "kept", "late", "missed"}));
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 10'000));

  sub = command(app, "conduct", "How your own replies read: the same words again, follow-ups left unanswered",
                "  earshot conduct --brand Acme --since 28d", conduct, o, code);
  add_reading(sub, o);
  sub->add_option("--limit", o.limit, "How many")->capture_default_str()->check(CLI::Range(1, 10'000));

  sub = command(app, "roi", "What answering people was worth, with every assumption",
                "  earshot roi --brand Acme --since 90d", roi, o, code);
  add_reading(sub, o);

  sub = command(app, "report", "Everything on one page, and pages for those who want one of their own",
                "  earshot report --brand Acme\n"
                "  earshot report executive --brand Acme --format html --output executive.html\n"
                "  earshot report service --days 14 --format markdown",
                report, o, code);
  sub->add_option("kind", o.name, "brief, service, content, executive or accuracy")
      ->check(CLI::IsMember({"brief", "service", "content", "executive", "accuracy"}));
  add_reading(sub, o);
  sub->add_option("--days", o.days, "How far back (brief and content 7, service 14, others 28)")
      ->check(CLI::Range(1, 366));
  sub->add_option("--format", o.format, "text, markdown, html or csv")
      ->check(CLI::IsMember({"text", "markdown", "html", "csv"}));
  sub->add_option("--output", o.output, "File (default: standard output)");

  sub = command(app, "kpi", "Your own figures against their targets",
                "  earshot kpi --brand Acme     without a [[kpi]]: the metrics there are", kpi, o, code);
  add_reading(sub, o);

  sub = command(app, "export", "Write mentions as NDJSON, CSV or Parquet",
                "  earshot export --format csv --output mentions.csv --since 30d\n"
                "  earshot export --format parquet --output .     a name with the versions in it",
                export_mentions, o, code);
  add_reading(sub, o);
  sub->add_option("--format", o.format, "ndjson, csv or parquet");
  sub->add_option("--output", o.output, "File (default: standard output)");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : 2;
  }
  return code;
}
