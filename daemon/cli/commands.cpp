#include "daemon/cli/commands.hpp"

namespace earshot::cli {

Program tool_program() {
  Program tool{
      .name = "earshot",
      .purpose = "asks and feeds the social-listening database",
      .examples =
          "  earshot init --brand \"Acme Cloud\"       write a configuration\n"
          "  earshot report --brand \"Acme Cloud\"     what is normal, what broke, what to write\n"
          "  earshot mentions --search '\"red light\"' --since 2d\n"
          "  earshot COMMAND --help",
      .commands = {init_command(),     check_command(),    doctor_command(),      sources_command(),
                   poll_command(),     backfill_command(), auth_command(),        credentials_command(),
                   token_command(),    import_command(),   score_command(),       rescore_command(),
                   reparse_command(),  storage_command(),  backup_command(),      migrate_command(),
                   train_command(),    status_command(),   mentions_command(),    explain_command(),
                   baseline_command(), drivers_command(),  benchmark_command(),   incidents_command(),
                   backtest_command(), ideas_command(),    queue_command(),       incident_command(),
                   idea_command(),     misled_command(),   faq_command(),         campaign_command(),
                   links_command(),    glossary_command(), movers_command(),      stories_command(),
                   story_command(),    ror_command(),      claim_command(),       label_command(),
                   labels_command(),   review_command(),   outbox_command(),      people_command(),
                   promises_command(), conduct_command(),  roi_command(),         report_command(),
                   kpi_command(),      export_command(),   erase_command(),       top_command(),
                   tail_command(),     sql_command(),      completions_command(), man_command()}};
  for (auto& command : tool.commands)
    if (command.group != CommandGroup::tool)
      command.options = database_options() + std::move(command.options);
  return tool;
}

}  // namespace earshot::cli
