import { messageOf } from '../base/errors.ts';
import type { Command } from './commands/command.ts';
import { commands } from './commands/index.ts';
import type { FlagsFor, FlagTable } from './flags/definition.ts';
import { type SortedWords, sortWords } from './flags/pflag.ts';
import { readFlags } from './flags/read-flags.ts';
import { commandHelp, groupHelp, rootHelp, usageLine } from './help.ts';
import type { Invocation } from './invocation.ts';
import { measured } from './measured.ts';
import { UsageError } from './usage-error.ts';

interface RootFlagValues {
  readonly builder: string | undefined;
  readonly debug: boolean;
}

const debug = { kind: 'bool', short: 'D', usage: 'Enable debug logging' } as const;
const builder = { kind: 'string', usage: 'Override the configured builder instance' } as const;
export const rootFlags: FlagsFor<RootFlagValues> = { builder, debug };

/** Runs one command line to its end. Rejects with what the user shall see. */
export async function runProgram(invocation: Invocation, signal: AbortSignal): Promise<void> {
  if (invocation.words[0]?.startsWith('__complete') === true) {
    const { answerShell } = await import('./completion/index.ts');
    return await answerShell(invocation, { commands, rootFlags }, signal);
  }
  const root = sortFlags(invocation, undefined, rootFlags);
  const isHelp = root.args[0] === 'help' && root.args.length > 1;
  const [name, ...rest] = isHelp ? [...root.args.slice(1), '--help'] : root.args;
  const command = findCommand(commands, name);
  if (command === undefined) {
    process.stdout.write(rootHelp(invocation, commands, rootFlags, columns()));
    if (root.help || name === undefined || name === 'help' || asksForHelp(rest)) return;
    throw new UsageError(`unknown command: ${JSON.stringify(name)}`, { exitCode: 1, prefixed: true });
  }
  if (command.deprecated !== undefined) {
    process.stderr.write(`Command ${JSON.stringify(command.name)} is deprecated, ${command.deprecated}\n`);
  }
  await runCommand({ ...invocation, words: rest }, command, root, signal);
}

/** @param before what stood before the command */
async function runCommand(
  invocation: Invocation,
  command: Command,
  before: SortedWords,
  signal: AbortSignal,
): Promise<void> {
  const shared: FlagTable = command.usesBuilder ? rootFlags : { debug };
  const flags = { ...command.flags, ...shared };
  if (command.subcommands !== undefined) {
    const sorted = sortFlags(invocation, command, flags, false);
    const [name, ...words] = sorted.args;
    const inner = findCommand(command.subcommands, name);
    if (inner !== undefined) {
      const path = `${invocation.path} ${command.name}`;
      // flags of its own say nothing to those behind it
      const shownBefore = [...before.flags, ...sorted.flags.filter(isRootFlag)];
      const both = { flags: shownBefore, args: [], help: before.help || sorted.help };
      return await runCommand({ ...invocation, path, words }, inner, both, signal);
    }
  }
  const sorted = sortFlags(invocation, command, flags);
  if (before.help || sorted.help || command.isGroup === true) {
    const help = command.subcommands === undefined ? commandHelp : groupHelp;
    process.stdout.write(help(invocation, command, shared, columns()));
    const [name] = sorted.args;
    if (before.help || sorted.help || name === undefined) return;
    throw new UsageError(`unknown command: ${JSON.stringify(name)}`, { exitCode: 1, prefixed: true });
  }
  checkArity(invocation, command, sorted.args);
  tellIgnored(flags, sorted.flags);
  const own = sorted.flags.filter((flag) => !isRootFlag(flag));
  // what stands behind the command wins over what stands before it
  const both = sortWords([...before.flags, ...sorted.flags.filter(isRootFlag)], rootFlags, true);
  const values = readFlags(rootFlags, both.flags);
  if (values.debug) process.env['DEBUG'] = '1';
  // an empty name is an answer too: the current builder, whatever the environment says
  const chosen = values.builder ?? (process.env['BUILDX_BUILDER'] || undefined);
  const context = { invocation, builder: chosen, args: sorted.args, signal };
  await measured(invocation, command, (meter) => command.run(own, { ...context, meter }));
}

function findCommand(among: readonly Command[], name: string | undefined): Command | undefined {
  return among.find((known) => known.name === name || (name !== undefined && known.aliases.includes(name)));
}

/** Of an unknown command nothing is known but this flag. */
function asksForHelp(words: readonly string[]): boolean {
  const flags = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  return flags.some((word) => word === '--help' || word === '-h');
}

function isRootFlag(flag: string): boolean {
  return Object.hasOwn(rootFlags, flag.slice(2, flag.indexOf('=')));
}

/** Sorts the words; a wrong flag is told as docker, or as buildx by its own name, tells it. */
function sortFlags(
  invocation: Invocation,
  command: Command | undefined,
  flags: FlagTable,
  interspersed: boolean = command !== undefined,
): SortedWords {
  const { mode, path, words } = invocation;
  try {
    return sortWords(words, flags, interspersed);
  } catch (error) {
    const text = messageOf(error);
    if (mode === 'standalone') throw new UsageError(text, { exitCode: 1, prefixed: true }, { cause: error });
    const usage = command === undefined ? `Usage:  ${path}` : usageLine(path, command);
    const help = command === undefined ? path : `${path} ${command.name}`;
    const full = `${text}\n\n${usage}\n\nRun '${help} --help' for more information`;
    throw new UsageError(full, { exitCode: 125, prefixed: false }, { cause: error });
  }
}

function checkArity(invocation: Invocation, command: Command, args: readonly string[]): void {
  const { arity } = command;
  if (typeof arity === 'object' && 'cobraMost' in arity) {
    if (args.length <= arity.cobraMost) return;
    const most = `accepts at most ${arity.cobraMost} arg(s), received ${args.length}`;
    throw new UsageError(most, { exitCode: 1, prefixed: true });
  }
  const isExact = typeof arity === 'number';
  if (isExact ? args.length === arity : args.length <= arity.most) return;
  const program = invocation.path.split(' ')[0] ?? '';
  const path = `${invocation.path} ${command.name}`;
  const number = isExact ? arity : arity.most;
  const takesNone = !isExact && number === 0;
  const count = `${isExact ? '' : 'at most '}${number} argument${number === 1 ? '' : 's'}`;
  const text = `${program}: '${path}' ${takesNone ? 'accepts no arguments' : `requires ${count}`}\n\n${usageLine(invocation.path, command)}\n\nRun '${path} --help' for more information`;
  throw new UsageError(text, { exitCode: 1, prefixed: true });
}

/** Says what is ignored on purpose, or has another name by now. */
function tellIgnored(flags: FlagTable, words: readonly string[]): void {
  const names = new Set(words.map((word) => word.slice(2, word.indexOf('='))));
  for (const [name, { warning, deprecated }] of Object.entries(flags)) {
    if (!names.has(name)) continue;
    if (deprecated !== undefined) process.stderr.write(`Flag --${name} has been deprecated, ${deprecated}\n`);
    if (warning !== undefined) process.stderr.write(`WARNING: ${warning}\n`);
  }
}

/** docker asks stdin for the width, so that a pager does not matter. */
function columns(): number {
  const width = process.stdin.isTTY ? process.stdout.columns : undefined;
  return width ?? 80;
}
