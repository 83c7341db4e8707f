#pragma once
#include "daemon/cli/command_spec.hpp"

/// What each command may be told; every description stands beside the command's code.
namespace earshot::cli {

CommandSpec init_command();
CommandSpec check_command();
CommandSpec doctor_command();
CommandSpec sources_command();
CommandSpec poll_command();
CommandSpec backfill_command();
CommandSpec auth_command();
CommandSpec credentials_command();
CommandSpec token_command();
CommandSpec import_command();
CommandSpec score_command();
CommandSpec rescore_command();
CommandSpec reparse_command();
CommandSpec storage_command();
CommandSpec backup_command();
CommandSpec migrate_command();
CommandSpec train_command();
CommandSpec status_command();
CommandSpec mentions_command();
CommandSpec explain_command();
CommandSpec baseline_command();
CommandSpec drivers_command();
CommandSpec benchmark_command();
CommandSpec incidents_command();
CommandSpec backtest_command();
CommandSpec ideas_command();
CommandSpec queue_command();
CommandSpec incident_command();
CommandSpec idea_command();
CommandSpec misled_command();
CommandSpec faq_command();
CommandSpec links_command();
CommandSpec glossary_command();
CommandSpec movers_command();
CommandSpec stories_command();
CommandSpec story_command();
CommandSpec campaign_command();
CommandSpec claim_command();
CommandSpec label_command();
CommandSpec labels_command();
CommandSpec review_command();
CommandSpec outbox_command();
CommandSpec people_command();
CommandSpec promises_command();
CommandSpec conduct_command();
CommandSpec roi_command();
CommandSpec ror_command();
CommandSpec report_command();
CommandSpec kpi_command();
CommandSpec export_command();
CommandSpec erase_command();
CommandSpec top_command();
CommandSpec tail_command();
CommandSpec sql_command();
CommandSpec completions_command();
CommandSpec man_command();

}  // namespace earshot::cli
