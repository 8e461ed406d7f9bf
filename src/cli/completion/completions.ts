import type { DockerOptions } from '../../index.ts';

/** What a shell does with what it was told: cobra's ShellCompDirective. */
export const DIRECTIVE = {
  /** Complete files where nothing was told. */
  default: 0,
  error: 1,
  noSpace: 2,
  noFiles: 4,
  directories: 16,
} as const;

export interface Completion {
  readonly value: string;
  readonly description?: string | undefined;
}

export interface Completions {
  readonly values: readonly Completion[];
  /** Bits of `DIRECTIVE`. */
  readonly directive: number;
}

/** What stands on the command line so far. */
export interface CompletionLine {
  /** The word that is being typed; of `--flag=VALUE` what stands behind the `=`. */
  readonly typed: string;
  /** Arguments of the command. */
  readonly args: readonly string[];
  /** What a flag of the command was given, each time. */
  readonly flags: (name: string) => readonly string[];
  readonly docker: DockerOptions;
  readonly signal: AbortSignal;
}

/** What can stand in a place. Values that do not begin like what was typed are dropped by the caller. */
export type Completer = (line: CompletionLine) => Completions | Promise<Completions>;

/** Nothing but these. */
export function words(...values: readonly string[]): Completer {
  return () => ({ values: values.map((value) => ({ value })), directive: DIRECTIVE.noFiles });
}

/** Beginnings of values, which go on. */
export function beginnings(...values: readonly string[]): Completer {
  return () => ({ values: values.map((value) => ({ value })), directive: DIRECTIVE.noFiles | DIRECTIVE.noSpace });
}

/** Several of these with commas between them. */
export function wordsWithCommas(...values: readonly string[]): Completer {
  return ({ typed }) => {
    const before = typed.slice(0, typed.lastIndexOf(',') + 1);
    const rest = values.filter((value) => !before.split(',').includes(value));
    return { values: rest.map((value) => ({ value: before + value })), directive: DIRECTIVE.noFiles };
  };
}

export const files: Completer = () => ({ values: [], directive: DIRECTIVE.default });
export const directories: Completer = () => ({ values: [], directive: DIRECTIVE.directories });
export const nothing: Completer = () => ({ values: [], directive: DIRECTIVE.noFiles });

/** As cobra names them on stderr. */
export function directiveText(directive: number): string {
  const names: readonly (readonly [bit: number, name: string])[] = [
    [DIRECTIVE.error, 'Error'],
    [DIRECTIVE.noSpace, 'NoSpace'],
    [DIRECTIVE.noFiles, 'NoFileComp'],
    [DIRECTIVE.directories, 'FilterDirs'],
  ];
  const set = names.filter(([bit]) => (directive & bit) !== 0).map(([, name]) => `ShellCompDirective${name}`);
  return set.length === 0 ? 'ShellCompDirectiveDefault' : set.join(', ');
}
