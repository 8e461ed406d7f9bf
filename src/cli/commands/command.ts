import type { FlagDefinition, FlagsFor, FlagTable } from '../flags/definition.ts';
import { readFlags } from '../flags/read-flags.ts';
import type { StartBuildMeter } from '../../index.ts';
import type { Invocation } from '../invocation.ts';

/** What a command gets besides its own flags. */
export interface CommandContext {
  readonly invocation: Invocation;
  /** `--builder`, or `$BUILDX_BUILDER`. */
  readonly builder: string | undefined;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** Measures builds, where somebody wants to know. */
  readonly meter?: StartBuildMeter | undefined;
}

/** One command of the program. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The words after the name in the usage line, for example `[OPTIONS] PATH | URL | -`. */
  readonly synopsis: string;
  readonly summary: string;
  /** Why nobody should use it any more; it is in no list then. */
  readonly deprecated?: string;
  /** In no list. */
  readonly hidden?: boolean;
  /** How the help lists the aliases, where these are not all. */
  readonly shownAliases?: string;
  /** How many arguments it takes; `cobraMost` says so in the words of cobra, not docker's. */
  readonly arity: number | { readonly most: number } | { readonly cobraMost: number };
  readonly flags: FlagTable;
  /** Whether `--builder` belongs to it. */
  readonly usesBuilder: boolean;
  /** Commands that are named behind it. */
  readonly subcommands?: readonly Command[];
  /** It has no flags of its own, and does nothing but show its help. */
  readonly isGroup?: boolean;
  /** Gets the command's flags in their one form. */
  run(words: readonly string[], context: CommandContext): Promise<void>;
}

/** A command whose `run` gets its flags' values as `V`, the type that its table stands for. */
export function defineCommand<V>(
  command: Omit<Command, 'flags' | 'run'> & {
    readonly flags: FlagsFor<V>;
    run(values: V, context: CommandContext): Promise<void>;
  },
): Command {
  return { ...command, run: async (words, context) => await command.run(readFlags(command.flags, words), context) };
}

/** A command that consists of others. */
export function defineGroup(
  group: Pick<Command, 'name' | 'summary' | 'usesBuilder'> & { readonly subcommands: readonly Command[] },
): Command {
  return {
    ...group,
    isGroup: true,
    aliases: [],
    synopsis: '',
    arity: { most: Number.POSITIVE_INFINITY },
    flags: {},
    run: async () => {},
  };
}

/** For commands that take the flag of all others, and do nothing with it. */
export const hiddenBuilderFlag: FlagDefinition & { readonly kind: 'string' } = {
  kind: 'string',
  usage: '',
  hidden: true,
};
