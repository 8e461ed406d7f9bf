import type { BuildEvent, SolveStatus } from '../../index.ts';
import type { Progress, ProgressMode } from '../../progress/index.ts';
import type { TerminalOutput } from '../terminal-output.ts';

/** Shows a build on stderr, from its events. */
export interface BuildDisplay extends AsyncDisposable {
  /** Gives a promise while the terminal is behind. */
  readonly onEvent: (event: BuildEvent) => Promise<void> | undefined;
  /** Shows the rest, then gives the warnings, each once. */
  done(): ReturnType<Progress['done']>;
}

async function openTerminalOutput(terminal: typeof process.stderr): Promise<TerminalOutput> {
  const { TerminalOutput } = await import('../terminal-output.ts');
  return new TerminalOutput(terminal);
}

/** Shows a build; with `logDir` the output of each step is also kept there. Throws INVALID_ARGUMENT. */
export async function showBuild(mode: ProgressMode, logDir?: string): Promise<BuildDisplay> {
  const { chooseProgressMode, createProgress, StepLogs } = await import('../../progress/index.ts');
  const logs = logDir ? new StepLogs(logDir) : undefined;
  const shown = chooseProgressMode(mode, { output: process.stderr, env: process.env });
  const output = process.stderr.isTTY ? await openTerminalOutput(process.stderr) : process.stderr;
  let progress: Progress | undefined;
  const start = (builder?: { readonly name: string; readonly driver: string }): Progress =>
    createProgress(shown, { output, builder, debug: Boolean(process.env['DEBUG']), env: process.env });

  function onEvent(event: BuildEvent): Promise<void> | undefined {
    progress ??= start(event.kind === 'builder' ? event : undefined);
    if (event.kind === 'status') {
      const kept = logs?.write(event.status);
      const seen = progress.write(event.status);
      return kept === undefined ? seen : Promise.all([kept, seen]).then(() => undefined);
    }
    if (event.kind === 'warning') progress.message(`WARNING: ${event.message}`);
    return undefined;
  }

  const end = async (): ReturnType<Progress['done']> => {
    const trouble = await logs?.done();
    if (trouble !== undefined) progress?.message(`WARNING: ${trouble}`);
    return (await progress?.done()) ?? [];
  };
  let ended: ReturnType<typeof end> | undefined;
  const done = (): ReturnType<typeof end> => (ended ??= end());
  return { onEvent, done, [Symbol.asyncDispose]: async () => void (await done()) };
}

/** Shows what is told of a build that somebody else runs, or ran. Warnings are not listed. Throws INVALID_ARGUMENT. */
export async function showLogs(mode: ProgressMode, told: AsyncIterable<SolveStatus>): Promise<void> {
  const { createProgress } = await import('../../progress/index.ts');
  const output = process.stderr.isTTY ? await openTerminalOutput(process.stderr) : process.stderr;
  await using progress = createProgress(mode, { output, listsWarnings: false, env: process.env });
  for await (const status of told) await progress.write(status);
}
