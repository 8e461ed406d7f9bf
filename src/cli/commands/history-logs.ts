import { TsbuildxError } from '../../base/errors.ts';
import type { ProgressMode } from '../../progress/index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { parseProgressMode } from '../flags/progress-mode.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBoot } from './show-boot.ts';

interface LogsFlagValues {
  readonly progress: string;
}

const flags: FlagsFor<LogsFlagValues> = {
  progress: { kind: 'string', default: 'plain', usage: 'Set type of progress output (plain, rawjson, tty)' },
};

export const historyLogsCommand: Command = defineCommand<LogsFlagValues>({
  name: 'logs',
  aliases: [],
  synopsis: '[OPTIONS] [REF]',
  summary: 'Print the logs of a build record',
  arity: { cobraMost: 1 },
  flags,
  usesBuilder: true,
  run: runLogs,
});

async function runLogs(values: LogsFlagValues, { args, builder, invocation, signal }: CommandContext): Promise<void> {
  const [{ recordedStatus }, { showLogs }] = await Promise.all([
    import('../../index.ts'),
    import('./show-progress.ts'),
  ]);
  const mode = modeOf(values.progress);
  await using boot = showBoot();
  const options = { builder, docker: invocation.docker, ref: args[0] };
  await showLogs(mode, recordedStatus(options, { signal, onStatus: boot.onStatus }));
}

/** Nothing at all is what a terminal is for; `auto` is plain even there. */
function modeOf(text: string): ProgressMode {
  if (text === 'none') throw new TsbuildxError('INVALID_ARGUMENT', 'invalid progress mode none');
  return text === 'auto' ? 'plain' : parseProgressMode(text, false, undefined);
}
