// Matches Traverse and checkIfFlagCompletion of spf13/cobra: where on the command line the word is that is being typed.
import type { Command } from '../commands/command.ts';
import type { FlagDefinition, FlagTable } from '../flags/definition.ts';

/** A command line up to the word that is being typed. */
export interface TypedLine {
  /** Undefined where only flags of the program stand. */
  readonly command: Command | undefined;
  /** Its name, behind that of its group. */
  readonly path: string;
  /** All flags that can stand here. */
  readonly flags: FlagTable;
  /** What stands behind the command, without the flag whose value is being typed. */
  readonly words: readonly string[];
  readonly typed: string;
  /** The flag whose value is being typed. */
  readonly flag: string | undefined;
  /** A flag that there is not, and that would be it. */
  readonly unknownFlag: string | undefined;
}

export interface KnownCommands {
  readonly commands: readonly Command[];
  readonly rootFlags: FlagTable;
}

export function readLine(all: readonly string[], typed: string, { commands, rootFlags }: KnownCommands): TypedLine {
  const at = firstArgument(all, rootFlags);
  const name = all[at];
  const command = commands.find((known) => name !== undefined && [known.name, ...known.aliases].includes(name));
  if (command === undefined) return { command, path: '', flags: rootFlags, ...valueOf(all, typed, rootFlags) };
  const words = all.slice(at + 1);
  const inner = command.subcommands && readLine(words, typed, { commands: command.subcommands, rootFlags });
  if (inner?.command !== undefined) return { ...inner, path: `${command.name} ${inner.path}` };
  const flags = { ...rootFlags, ...command.flags };
  return { command, path: command.name, flags, ...valueOf(words, typed, flags) };
}

/** Where the first word is that is neither a flag nor the value of one. */
function firstArgument(all: readonly string[], flags: FlagTable): number {
  for (let at = 0; at < all.length; at++) {
    const word = all[at] ?? '';
    if (!isFlag(word)) return at;
    const flag = word.includes('=') ? undefined : findFlag(lastName(word), flags);
    if (flag !== undefined && flag[1].kind !== 'bool') at++;
  }
  return all.length;
}

type FoundValue = Pick<TypedLine, 'words' | 'typed' | 'flag' | 'unknownFlag'>;

function valueOf(words: readonly string[], typed: string, flags: FlagTable): FoundValue {
  const none = { words, typed, flag: undefined, unknownFlag: undefined };
  if (typed.startsWith('-')) {
    const equals = typed.indexOf('=');
    if (equals < 0) return none;
    const name = lastName(typed.slice(0, equals));
    const found = findFlag(name, flags);
    if (found === undefined) return { ...none, unknownFlag: name };
    return { ...none, typed: typed.slice(equals + 1), flag: found[0] };
  }
  const last = words.at(-1) ?? '';
  if (!isFlag(last) || last.includes('=')) return none;
  const name = lastName(last);
  const found = findFlag(name, flags);
  if (found?.[1].kind === 'bool') return none;
  if (found === undefined) return { ...none, unknownFlag: name };
  return { ...none, words: words.slice(0, -1), flag: found[0] };
}

function isFlag(word: string): boolean {
  return /^(?:--.|-[^-])/.test(word);
}

/** Of a group of letters the last one: only that can have a value. */
function lastName(word: string): string {
  return word.startsWith('--') ? word.slice(2) : word.slice(-1);
}

function findFlag(name: string, flags: FlagTable): readonly [name: string, flag: FlagDefinition] | undefined {
  const known: FlagTable = { help: { kind: 'bool', short: 'h', usage: '' }, ...flags };
  return Object.entries(known).find(([long, { short }]) => long === name || short === name);
}
