import type { SubstituteOptions } from './template.ts';

/** What reading files needs of its surroundings. Paths are as the files name them, relative to the working directory. */
export interface FileReader {
  /** The bytes of a file. Throws IO with the words of Go: `open PATH: no such file or directory`. */
  read(path: string): Uint8Array;
  /** What stands there; undefined when nothing does. */
  kindOf(path: string): 'file' | 'directory' | undefined;
}

/** What loading compose files needs of its surroundings. */
export interface ComposeSetting {
  readonly files: FileReader;
  /** The variables that texts may name. */
  readonly env: ReadonlyMap<string, string>;
  /** What `~` stands for. */
  readonly home: string | undefined;
  /** The working directory, for errors that name files in full. */
  readonly cwd: string;
  readonly onWarning: (message: string) => void;
}

/** One compose file. */
export interface ComposeFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** How texts are replaced with the variables of `env`. */
export function substitution(
  env: ReadonlyMap<string, string>,
  setting: Pick<ComposeSetting, 'onWarning'>,
): SubstituteOptions {
  return {
    lookup: (name) => env.get(name),
    onWarning: (message) => setting.onWarning(message),
    onUnset: (name) =>
      setting.onWarning(`The ${JSON.stringify(name)} variable is not set. Defaulting to a blank string.`),
  };
}
