// Matches BuildKit's client/llb/fileop.go: paths made absolute with the state's working directory, one input a source.
import { assertNever } from '../base/errors.ts';
import { cleanPath, isAbsolutePath, joinPath } from '../base/go-path.ts';
import { encodeFileOp } from './op-codec.ts';
import type { State } from './state.ts';
import {
  type MarshalContext,
  type MarshaledOp,
  type OpInput,
  type OpOptions,
  type Output,
  opMetadata,
  type Vertex,
} from './vertex.ts';

/** A user or group: a number, or a name that the daemon looks up in the image. */
export interface Owner {
  readonly user?: string | number | undefined;
  readonly group?: string | number | undefined;
}

interface ActionBase {
  readonly owner?: Owner | undefined;
  /** Nanoseconds since the epoch. Default: the time of the build. */
  readonly timestamp?: bigint | undefined;
}

export interface MkdirAction extends ActionBase {
  readonly kind: 'mkdir';
  readonly path: string;
  readonly mode: number;
  readonly makeParents: boolean;
}

export interface MkfileAction extends ActionBase {
  readonly kind: 'mkfile';
  readonly path: string;
  readonly mode: number;
  readonly data: Uint8Array;
}

export interface CopyAction extends ActionBase {
  readonly kind: 'copy';
  readonly from: State;
  readonly src: string;
  readonly dest: string;
  /** A number, or symbolic as chmod has it. Default: the file's own. */
  readonly mode?: number | string | undefined;
  readonly followSymlinks?: boolean | undefined;
  readonly directoryContentsOnly?: boolean | undefined;
  readonly unpack?: boolean | undefined;
  readonly createDestPath?: boolean | undefined;
  /** `src` may hold wildcards, and may match nothing. */
  readonly allowWildcard?: boolean | undefined;
  readonly includePatterns?: readonly string[] | undefined;
  readonly excludePatterns?: readonly string[] | undefined;
  readonly requiredPaths?: readonly string[] | undefined;
}

export type FileAction = MkdirAction | MkfileAction | CopyAction;

interface NumberedAction {
  readonly input: number;
  readonly secondaryInput: number;
  readonly output: number;
  /** Number of the input in which owner names are looked up. */
  readonly base: number;
  readonly owner: Owner | undefined;
  readonly timestamp: bigint;
}

/** A file action with inputs numbered and paths absolute. */
export type FileActionModel = NumberedAction &
  (
    | { readonly kind: 'mkdir'; readonly path: string; readonly mode: number; readonly makeParents: boolean }
    | { readonly kind: 'mkfile'; readonly path: string; readonly mode: number; readonly data: Uint8Array }
    | {
        readonly kind: 'copy';
        readonly src: string;
        readonly dest: string;
        readonly mode: number;
        readonly modeText: string;
        readonly followSymlinks: boolean;
        readonly directoryContentsOnly: boolean;
        readonly unpack: boolean;
        readonly createDestPath: boolean;
        readonly allowWildcard: boolean;
        readonly includePatterns: readonly string[];
        readonly excludePatterns: readonly string[];
        readonly requiredPaths: readonly string[];
      }
  );

const noInput = -1;
const skippedOutput = -1;
const unsetTime = -1n;
const unsetMode = -1;

/** File actions done one after the other on a base. */
export class FileVertex implements Vertex {
  readonly #base: State;
  readonly #actions: readonly FileAction[];
  readonly #options: OpOptions;
  readonly output: Output;

  constructor(base: State, actions: readonly FileAction[], options: OpOptions) {
    this.#base = base;
    this.#actions = actions;
    this.#options = options;
    this.output = { vertex: this, index: 0 };
  }

  /** The base first, then the sources from the last to the first: the order in which the reference visits them. */
  inputs(): readonly Output[] {
    const sources = this.#actions.map((action) => (action.kind === 'copy' ? action.from.output : undefined));
    const seen = new Set([this.#base.output, ...sources.reverse()]);
    return [...seen].filter((output) => output !== undefined);
  }

  marshal(context: MarshalContext): MarshaledOp {
    const inputs: OpInput[] = [];
    const number = (output: Output | undefined): number => {
      if (output === undefined) return noInput;
      const wanted = context.input(output);
      const known = inputs.findIndex(({ digest, index }) => digest === wanted.digest && index === wanted.index);
      return known >= 0 ? known : inputs.push(wanted) - 1;
    };
    const numbered = this.#actions.map((action) => ({
      base: number(this.#base.output),
      secondaryInput: action.kind === 'copy' ? number(action.from.output) : noInput,
    }));
    const last = this.#actions.length - 1;
    const actions = this.#actions.map((action, i) =>
      this.#model(action, {
        base: numbered[i]?.base ?? noInput,
        // An action after the first works on the result of the one before, numbered after the inputs.
        input: i === 0 ? (numbered[i]?.base ?? noInput) : inputs.length + i - 1,
        secondaryInput: numbered[i]?.secondaryInput ?? noInput,
        output: i === last ? 0 : skippedOutput,
        owner: action.owner,
        timestamp: action.timestamp ?? unsetTime,
      }),
    );
    const encoded = encodeFileOp({ inputs }, actions);
    return {
      ...encoded,
      metadata: opMetadata(this.#options, ['file.base']),
      locations: this.#options.locations ?? [],
    };
  }

  #model(action: FileAction, frame: NumberedAction): FileActionModel {
    const { dir } = this.#base;
    switch (action.kind) {
      case 'mkdir':
        return {
          ...frame,
          kind: 'mkdir',
          path: absolute(dir, action.path),
          mode: action.mode & 0o777,
          makeParents: action.makeParents,
        };
      case 'mkfile':
        return {
          ...frame,
          kind: 'mkfile',
          path: absolute(dir, action.path),
          mode: action.mode & 0o777,
          data: action.data,
        };
      case 'copy':
        return {
          ...frame,
          kind: 'copy',
          src: sourcePath(action),
          dest: destPath(dir, action.dest),
          mode: typeof action.mode === 'number' ? action.mode : typeof action.mode === 'string' ? 0 : unsetMode,
          modeText: typeof action.mode === 'string' ? action.mode : '',
          followSymlinks: action.followSymlinks ?? false,
          directoryContentsOnly: action.directoryContentsOnly ?? false,
          unpack: action.unpack ?? false,
          createDestPath: action.createDestPath ?? false,
          allowWildcard: action.allowWildcard ?? false,
          includePatterns: action.includePatterns ?? [],
          excludePatterns: action.excludePatterns ?? [],
          requiredPaths: action.requiredPaths ?? [],
        };
      default:
        return assertNever(action);
    }
  }
}

/** `user[:group]` as `--chown` has it; `root` is 0, what is no number is a name. */
export function parseOwner(text: string): Owner {
  const colon = text.indexOf(':');
  if (colon < 0) return { user: parseId(text) };
  return { user: parseId(text.slice(0, colon)), group: parseId(text.slice(colon + 1)) };
}

function parseId(text: string): string | number {
  if (text === 'root' || text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) return text;
  const id = Number(text);
  return id >= -0x80000000 && id <= 0x7fffffff ? id : text;
}

function absolute(dir: string, path: string): string {
  const clean = cleanPath(path);
  return isAbsolutePath(clean) ? clean : joinPath('/', dir, clean);
}

/** A slash or `/.` at the end says that the destination is a directory, and is kept. */
function destPath(dir: string, path: string): string {
  const clean = absolute(dir, path);
  if (path.endsWith('/') && !clean.endsWith('/')) return `${clean}/`;
  if (path.endsWith('/.')) return clean === '/' ? '/.' : `${clean}/.`;
  return clean;
}

function sourcePath({ from, src }: CopyAction): string {
  const clean = cleanPath(src);
  return joinPath(isAbsolutePath(clean) ? '/' : from.dir, clean);
}
