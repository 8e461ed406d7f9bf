import { pipeline } from 'node:stream/promises';
import type { Duplex } from 'node:stream';
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
  const [{ dialBuilder }, { createClientSteps, now }, { parseProgressMode }, { showBuild }] = await Promise.all([
    import('../../index.ts'),
    import('../../buildkit/control/index.ts'),
    import('../flags/progress-mode.ts'),
    import('./show-progress.ts'),
  ]);
  await using display = await showBuild(parseProgressMode(values.progress, false, undefined));
  const onStatus = (status: SolveStatus): void => void display.onEvent({ kind: 'status', status });
  const platform = values.platform ?? process.env['DOCKER_DEFAULT_PLATFORM'];
  await createClientSteps(onStatus).run('Proxying to builder', async (_, tell) => {
    const dialing = { id: 'Dialing builder', current: 0n, total: 0n, started: now() };
    tell({ ...dialing, completed: false });
    const options = { docker: invocation.docker, builder, platform: platform || undefined };
    const daemon = await dialBuilder(options, { onStatus, signal });
    tell({ ...dialing, completed: true });
    await proxy(daemon, signal);
  });
  await display.done();
}

/**
 * Copies both ways until the daemon has said all. When there is nothing more to say to it, it is told so, and may go on
 * answering; when it has ended, what stdin still holds is for nobody.
 */
async function proxy(daemon: Duplex, signal: AbortSignal): Promise<void> {
  const { stdin, stdout } = process;
  const sending = pipeline(stdin, daemon, { signal }).catch((error: unknown) => {
    if (!daemon.readableEnded) daemon.destroy(error instanceof Error ? error : undefined);
  });
  try {
    await pipeline(daemon, stdout, { end: false, signal });
  } finally {
    daemon.destroy();
    stdin.destroy();
    await sending;
  }
}
