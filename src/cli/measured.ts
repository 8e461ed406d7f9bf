import { basename } from 'node:path';
import { isatty } from 'node:tty';
import type { StartBuildMeter } from '../index.ts';
import type { Command } from './commands/command.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Invocation } from './invocation.ts';

/** Runs a command; as a plugin of docker it is measured, where a collector is named. */
export async function measured(
  { mode, path, docker }: Invocation,
  { name }: Command,
  run: (meter: StartBuildMeter | undefined) => Promise<void>,
): Promise<void> {
  if (mode !== 'plugin') return await run(undefined);
  const { measureCommand } = await import('../telemetry/index.ts');
  const options = {
    env: process.env,
    docker,
    name: `${path.split(' ').slice(1).join(' ')} ${name}`,
    program: basename(process.argv0),
    isTty: { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) },
    exitCodeOf: (error: unknown): number => (error === undefined ? Number(process.exitCode ?? 0) : exitCodeOf(error)),
  };
  await measureCommand(options, run);
}
