import yargs from 'yargs/yargs';
import { messageOf } from '../base/errors.ts';
import type { Command } from './commands/command.ts';
import { commands } from './commands/index.ts';
import type { FlagsFor, FlagTable } from './flags/definition.ts';
import { type SortedWords, sortWords } from './flags/pflag.ts';
import { flagValues, parserConfiguration, yargsOptions } from './flags/yargs-options.ts';
import { commandHelp, rootHelp, usageLine } from './help.ts';
import type { Invocation } from './invocation.ts';
import { UsageError } from './usage-error.ts';

interface RootFlagValues {
  readonly builder: string | undefined;
  readonly debug: boolean;
}

const debug = { kind: 'bool', short: 'D', usage: 'Enable debug logging' } as const;
const builder = { kind: 'string', usage: 'Override the configured builder instance' } as const;
const rootFlags: FlagsFor<RootFlagValues> = { builder, debug };

/** Runs one command line to its end. Rejects with what the user shall see. */
export async function runProgram(invocation: Invocation, signal: AbortSignal): Promise<void> {
  const root = sortChecked(
    invocation,
    `${invocation.path} [OPTIONS] COMMAND`,
    invocation.path,
    invocation.words,
    rootFlags,
    false,
  );
  const [name, ...rest] = root.args;
  const command = commands.find((known) => known.name === name || (name !== undefined && known.aliases.includes(name)));
  if (command === undefined) {
    process.stdout.write(rootHelp(invocation.path, commands, rootFlags, columns()));
    if (root.help || name === undefined || name === 'help') return;
    throw new UsageError(`unknown command: ${JSON.stringify(name)}`, { exitCode: 1, prefixed: true });
  }
  const flags = { ...command.flags, ...(command.usesBuilder ? rootFlags : { debug }) };
  const path = `${invocation.path} ${command.name}`;
  const words = sortChecked(
    invocation,
    usageLine(invocation.path, command).slice('Usage:  '.length),
    path,
    rest,
    flags,
    true,
  );
  if (root.help || words.help) {
    process.stdout.write(commandHelp(invocation.path, command, flags, columns()));
    return;
  }
  checkArity(invocation, command, words.args);
  checkSupport(flags, words.flags);
  await dispatch(command, flags, [...rootWords(root, flags), ...words.flags, '--', ...words.args], invocation, signal);
}

async function dispatch(
  command: Command,
  flags: FlagTable,
  words: readonly string[],
  invocation: Invocation,
  signal: AbortSignal,
): Promise<void> {
  const handler = async (argv: Readonly<Record<string, unknown>>): Promise<void> => {
    const { builder, debug } = flagValues<RootFlagValues>(rootFlags, argv);
    if (debug) process.env['DEBUG'] = '1';
    await command.run(argv, {
      invocation,
      builder: builder ?? (process.env['BUILDX_BUILDER'] || undefined),
      args: Array.isArray(argv['--']) ? argv['--'].map(String) : [],
      signal,
    });
  };
  await yargs([command.name, ...words])
    .parserConfiguration(parserConfiguration)
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(false)
    .command({ command: command.name, describe: command.summary, builder: yargsOptions(flags), handler })
    .parseAsync();
}

/** Flags that stood before the command; those behind it win. */
function rootWords(root: SortedWords, flags: FlagTable): readonly string[] {
  return root.flags.filter((word) => Object.hasOwn(flags, word.slice(2, word.indexOf('='))));
}

function sortChecked(
  invocation: Invocation,
  usage: string,
  path: string,
  words: readonly string[],
  flags: FlagTable,
  interspersed: boolean,
): SortedWords {
  try {
    return sortWords(words, flags, interspersed);
  } catch (error) {
    const text = messageOf(error);
    if (invocation.mode === 'standalone') throw new UsageError(text, { exitCode: 1, prefixed: true }, { cause: error });
    const full = `${text}\n\nUsage:  ${usage}\n\nRun '${path} --help' for more information`;
    throw new UsageError(full, { exitCode: 125, prefixed: false }, { cause: error });
  }
}

function checkArity(invocation: Invocation, command: Command, args: readonly string[]): void {
  if (args.length === command.arity) return;
  const program = invocation.path.split(' ')[0] ?? '';
  const path = `${invocation.path} ${command.name}`;
  const count = `${command.arity} argument${command.arity === 1 ? '' : 's'}`;
  const text = `${program}: '${path}' requires ${count}\n\n${usageLine(invocation.path, command)}\n\nRun '${path} --help' for more information`;
  throw new UsageError(text, { exitCode: 1, prefixed: true });
}

/** What is not supported yet is refused; what is ignored on purpose is said. */
function checkSupport(flags: FlagTable, words: readonly string[]): void {
  const names = new Set(
    words.filter((word) => !word.endsWith('=false')).map((word) => word.slice(2, word.indexOf('='))),
  );
  for (const [name, definition] of Object.entries(flags)) {
    if (!names.has(name)) continue;
    if (definition.unsupported === true) {
      throw new UsageError(`--${name} is not supported yet`, { exitCode: 1, prefixed: true });
    }
    if (definition.warning !== undefined) process.stderr.write(`WARNING: ${definition.warning}\n`);
  }
}

/** docker asks stdin for the width, so that a pager does not matter. */
function columns(): number {
  const width = process.stdin.isTTY ? process.stdout.columns : undefined;
  return width ?? 80;
}
