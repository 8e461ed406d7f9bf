import type { SolveStatus } from '../../index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface DialStdioFlagValues {
  readonly platform: string | undefined;
  readonly progress: string;
}

const flags: FlagsFor<DialStdioFlagValues> = {
  platform: { kind: 'string', usage: 'Target platform: this is used for node selection' },
  progress: {
    kind: 'string',
    default: 'none',
    usage: 'Set type of progress output ("auto", "plain", "rawjson", "tty"). Use plain to show container output',
  },
};

export const dialStdioCommand: Command = defineCommand<DialStdioFlagValues>({
  name: 'dial-stdio',
  aliases: [],
  synopsis: '',
  summary: 'Proxy current stdio streams to builder instance',
  arity: 0,
  flags,
  usesBuilder: true,
  run: runDialStdio,
});

async function runDialStdio(values: DialStdioFlagValues, context: CommandContext): Promise<void> {
  const { invocation, builder, signal } = context;
  const [{ proxyBuilder }, { parseProgressMode }, { showBuild }] = await Promise.all([
    import('../../index.ts'),
    import('../flags/progress-mode.ts'),
    import('./show-progress.ts'),
  ]);
  await using display = await showBuild(parseProgressMode(values.progress, false, undefined));
  const onStatus = (status: SolveStatus): void => void display.onEvent({ kind: 'status', status });
  const platform = values.platform ?? process.env['DOCKER_DEFAULT_PLATFORM'];
  const options = { docker: invocation.docker, builder, platform: platform || undefined };
  await proxyBuilder({ input: process.stdin, output: process.stdout }, options, { onStatus, signal });
  await display.done();
}
