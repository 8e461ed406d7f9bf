// Matches the Dockerfile's part of buildx build/opt.go loadInputs.
import { readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { assertNever, TsbuildxError } from '../base/errors.ts';
import { localDir } from './local-dir.ts';
import type { BuildOptions } from './options.ts';
import { refuseLocalPolicy } from './policy.ts';
import { enforcesOwnPolicy } from './policy-config.ts';
import type { TemporaryDirs } from './temporary-dirs.ts';

/** Where the Dockerfile of a build is. */
export interface DockerfileInput {
  /** Directory that is served as `dockerfile`; undefined when the file lies in the context that the daemon has. */
  readonly dir: string | undefined;
  readonly name: string;
  /** The file is not part of the context's own source. */
  readonly separate: boolean;
  /** What local state keeps. */
  readonly statePath: string;
}

/** Reads a file of the web through the builder. */
export type FetchFile = (url: string) => Promise<Uint8Array>;

export interface DockerfileDeps {
  readonly cwd: string;
  /** Directory of the context; undefined when the daemon has it. */
  readonly contextDir: string | undefined;
  readonly temporary: TemporaryDirs;
  /** Undefined: there is no builder. */
  readonly fetch: FetchFile | undefined;
}

/** Errors: NOT_FOUND, UNSUPPORTED (a policy guards the Dockerfile, or only a builder could fetch it), those of `fetch`. */
export async function prepareDockerfile(options: BuildOptions, deps: DockerfileDeps): Promise<DockerfileInput> {
  const { dockerfile: source, context } = options;
  switch (source?.kind) {
    case 'text':
      return await separate(deps, source.text, textPath(source.path, deps));
    case 'url': {
      if (deps.fetch === undefined) throw new TsbuildxError('UNSUPPORTED', `only a daemon can fetch ${source.url}`);
      return await separate(deps, await deps.fetch(source.url), source.url);
    }
    case 'path':
    case undefined:
      break;
    default:
      return assertNever(source);
  }
  if (deps.contextDir === undefined) {
    if (source === undefined) return { dir: undefined, name: defaultName, separate: false, statePath: '' };
    // A path in an archive lies in it however it is written.
    const isHere = context.kind === 'remote' && isAbsolute(source.path);
    if (!isHere) return { dir: undefined, name: source.path, separate: false, statePath: source.path };
  }
  const isSeparate = deps.contextDir === undefined;
  const dir = localDir(source === undefined ? (deps.contextDir ?? '') : dirname(source.path), deps.cwd);
  const name = onlyLowerCase(dir, source === undefined ? defaultName : basename(source.path));
  if (enforcesOwnPolicy(options.policies ?? [], options.env ?? process.env)) refuseLocalPolicy(join(dir, name));
  const statePath = source === undefined ? '' : resolve(deps.cwd, source.path);
  return { dir, name, separate: isSeparate, statePath };
}

const defaultName = 'Dockerfile';

async function separate(
  { temporary }: DockerfileDeps,
  text: string | Uint8Array,
  statePath: string,
): Promise<DockerfileInput> {
  return { dir: await temporary.create({ [defaultName]: text }), name: defaultName, separate: true, statePath };
}

function textPath(path: string | undefined, { cwd, contextDir }: DockerfileDeps): string {
  if (path === undefined) return '-';
  return contextDir === undefined ? path : resolve(cwd, path);
}

/** `dockerfile` stands in for `Dockerfile` when a listing shows only that: a stat would lie on case-insensitive disks. */
function onlyLowerCase(dir: string, name: string): string {
  if (name !== defaultName) return name;
  const names = listing(dir);
  return !names.includes('Dockerfile') && names.includes('dockerfile') ? 'dockerfile' : name;
}

function listing(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
