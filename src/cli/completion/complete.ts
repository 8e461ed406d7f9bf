// Matches getCompletions of spf13/cobra: what can stand where a word is being typed.
import { messageOf } from '../../base/errors.ts';
import type { Command } from '../commands/command.ts';
import { type FlagDefinition, type FlagTable, isRepeatable } from '../flags/definition.ts';
import { type SortedWords, sortWords } from '../flags/pflag.ts';
import type { Invocation } from '../invocation.ts';
import { argumentCompleter } from './argument-values.ts';
import {
  type Completer,
  type Completion,
  type CompletionLine,
  type Completions,
  DIRECTIVE,
  nothing,
} from './completions.ts';
import { flagCompleter } from './flag-values.ts';
import { type KnownCommands, readLine, type TypedLine } from './read-line.ts';

export interface Completed extends Completions {
  /** Why there is nothing; for people. */
  readonly complaint?: string | undefined;
}

type Called = Pick<Invocation, 'docker' | 'mode' | 'path'>;

/** @param all the words behind the program's name; the last one is being typed. */
export async function complete(
  all: readonly string[],
  known: KnownCommands,
  { docker, mode, path }: Called,
  signal: AbortSignal,
): Promise<Completed> {
  const line = readLine(all.slice(0, -1), all.at(-1) ?? '', known);
  let sorted: SortedWords;
  try {
    sorted = sortWords(line.words, line.flags, line.command !== undefined);
  } catch (error) {
    const complaint = `Error while parsing flags from args [${line.words.join(' ')}]: ${messageOf(error)}`;
    return { values: [], directive: DIRECTIVE.default, complaint };
  }
  // behind `--` nothing is a flag
  const isEnded = sortWords([...line.words, '--'], line.flags, true).args.length > sorted.args.length;
  if (line.unknownFlag !== undefined && !isEnded) {
    const complaint = `Subcommand '${line.command?.name ?? path}' does not support flag '${line.unknownFlag}'`;
    return { values: [], directive: DIRECTIVE.default, complaint };
  }
  if (sorted.help && mode === 'standalone') return { values: [], directive: DIRECTIVE.noFiles };
  if (line.flag === undefined && line.typed.startsWith('-') && !line.typed.includes('=') && !isEnded) {
    const helpOf = mode === 'standalone' ? (line.command?.name ?? path) : undefined;
    const values = flagNames(line, sorted, known.rootFlags, helpOf);
    return { values: beginningLike(values, line.typed), directive: DIRECTIVE.noFiles };
  }
  const completer = completerOf(line, sorted, known, mode);
  return await answer(completer, { ...lineOf(line, sorted), docker, signal });
}

function lineOf({ typed }: TypedLine, { args, flags }: SortedWords): Pick<CompletionLine, 'typed' | 'args' | 'flags'> {
  return {
    typed,
    args,
    flags: (name) => flags.filter((flag) => flag.startsWith(`--${name}=`)).map((flag) => flag.slice(name.length + 3)),
  };
}

async function answer(completer: Completer, line: CompletionLine): Promise<Completed> {
  try {
    const { values, directive } = await completer(line);
    return { values: beginningLike(values, line.typed), directive };
  } catch (error) {
    return { values: [], directive: DIRECTIVE.error, complaint: messageOf(error) };
  }
}

function completerOf(line: TypedLine, { args }: SortedWords, known: KnownCommands, mode: Called['mode']): Completer {
  if (line.flag !== undefined) return flagCompleter(line.flag, line.path) ?? nothing;
  if (line.command !== undefined) {
    const inGroup = args.length === 0 ? commandNames(line.command.subcommands ?? [], 'plugin') : [];
    return inGroup.length > 0
      ? () => ({ values: inGroup, directive: DIRECTIVE.noSpace })
      : argumentCompleter(line.path);
  }
  const names = commandNames(known.commands, mode);
  if (args.length === 0 || (args.length === 1 && args[0] === 'help' && mode === 'standalone')) {
    return () => ({ values: names, directive: DIRECTIVE.noFiles });
  }
  return () => ({ values: [], directive: DIRECTIVE.default });
}

function commandNames(commands: readonly Command[], mode: Called['mode']): readonly Completion[] {
  const shown = commands
    .filter(({ deprecated, hidden }) => deprecated === undefined && hidden !== true)
    .map(({ name, summary }) => ({ value: name, description: summary }));
  const help = mode === 'standalone' ? [{ value: 'help', description: 'Help about any command' }] : [];
  return [...shown, ...help].toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

/** Those of the program first. A flag that can stand but once is not told again. */
function flagNames(
  { command, flags }: TypedLine,
  sorted: SortedWords,
  rootFlags: FlagTable,
  helpOf: string | undefined,
): readonly Completion[] {
  const given = new Set(sorted.flags.map((flag) => flag.slice(2, flag.indexOf('='))));
  const help: FlagTable =
    helpOf === undefined ? {} : { help: { kind: 'bool', short: 'h', usage: `help for ${helpOf}` } };
  const usesBuilder = command === undefined || command.usesBuilder;
  const shared = Object.entries(rootFlags).filter(([name]) => usesBuilder || name !== 'builder');
  const own = Object.entries({ ...(command === undefined ? {} : command.flags), ...help });
  const groups = command === undefined ? [[...shared, ...own]] : [shared, own];
  return groups.flatMap((group) =>
    group
      .filter(([name, flag]) => canStand(flag) && (!given.has(name) || canRepeat(flags[name])))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, { short, usage }]) => [
        { value: `--${name}`, description: usage },
        ...(short === undefined ? [] : [{ value: `-${short}`, description: usage }]),
      ]),
  );
}

function canStand({ hidden, deprecated }: FlagDefinition): boolean {
  return hidden !== true && deprecated === undefined;
}

/** Types of their own are told but once, however often they may stand. */
function canRepeat(flag: FlagDefinition | undefined): boolean {
  return flag !== undefined && isRepeatable(flag) && flag.type === undefined;
}

function beginningLike(values: readonly Completion[], typed: string): readonly Completion[] {
  return values.filter(({ value }) => value.startsWith(typed));
}
