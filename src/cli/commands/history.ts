import { type Command, defineGroup } from './command.ts';
import { historyDiffCommand } from './history-diff.ts';
import { historyExportCommand } from './history-export.ts';
import { historyImportCommand } from './history-import.ts';
import { historyInspectCommand } from './history-inspect.ts';
import { historyLogsCommand } from './history-logs.ts';
import { historyLsCommand } from './history-ls.ts';
import { historyOpenCommand } from './history-open.ts';
import { historyReportCommand } from './history-report.ts';
import { historyRmCommand } from './history-rm.ts';
import { historyTraceCommand } from './history-trace.ts';

export const historyCommand: Command = defineGroup({
  name: 'history',
  summary: 'Commands to work on build records',
  usesBuilder: true,
  subcommands: [
    historyDiffCommand,
    historyExportCommand,
    historyImportCommand,
    historyInspectCommand,
    historyLogsCommand,
    historyLsCommand,
    historyOpenCommand,
    historyReportCommand,
    historyRmCommand,
    historyTraceCommand,
  ],
});
