import { type Command, defineGroup } from './command.ts';
import { historyLogsCommand } from './history-logs.ts';
import { historyLsCommand } from './history-ls.ts';
import { historyRmCommand } from './history-rm.ts';

export const historyCommand: Command = defineGroup({
  name: 'history',
  summary: 'Commands to work on build records',
  usesBuilder: true,
  subcommands: [historyLogsCommand, historyLsCommand, historyRmCommand],
});
