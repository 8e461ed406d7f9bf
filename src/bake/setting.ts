import type { FileReader } from './compose/setting.ts';
import type { FunctionEnvironment } from './functions/index.ts';

/** One file of definitions. */
export interface BakeFile {
  /** As it was asked for; `-` for standard input. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** What reading definitions needs of its surroundings. */
export interface BakeSetting {
  /** Files that compose files name. */
  readonly files: FileReader;
  readonly cwd: string;
  /** The environment, as far as files may see it. */
  readonly env: ReadonlyMap<string, string>;
  /** Given by the user; these go before the environment. */
  readonly variables: ReadonlyMap<string, string>;
  /** Given by the program: `BAKE_CMD_CONTEXT`, `BAKE_LOCAL_PLATFORM`. */
  readonly builtins: ReadonlyMap<string, string>;
  /** Env files whose variables stand behind those of the environment; default: `.env`, for compose files only. */
  readonly envFiles: readonly string[] | undefined;
  /** Whether relative contexts are relative to the file that names them. */
  readonly isFileRelative: boolean;
  /** Whether a text names what the daemon fetches. */
  readonly isRemote: (text: string) => boolean;
  /** What functions know of the world. */
  readonly functions: FunctionEnvironment;
  readonly onWarning: (message: string) => void;
}
