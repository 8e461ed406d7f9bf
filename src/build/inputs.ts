import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { assertNever, TsbuildxError, wrap } from '../base/errors.ts';
import type { BuildOptions } from './options.ts';
import { refuseLocalPolicy } from './policy.ts';

/** The context, the Dockerfile and the named contexts of a build, as a frontend knows them. */
export interface BuildInputs extends AsyncDisposable {
  /** Frontend attributes: `context`, `filename`, `dockerfilekey`, `context:<name>`, … */
  readonly attributes: ReadonlyMap<string, string>;
  /** Directories that the session serves, by name. */
  readonly localDirs: ReadonlyMap<string, string>;
  /** Base name of the context: with it the daemon finds the files of the last transfer again. Empty for a remote context. */
  readonly sharedKey: string;
  /** The directory of a local context. */
  readonly contextDir: string | undefined;
  /** What local state keeps: absolute paths, or the URL. */
  readonly localPath: string;
  readonly dockerfilePath: string;
}

/**
 * Matches buildx build/opt.go loadInputs. What is in memory is written to a private temporary directory, which goes
 * when the inputs are disposed.
 */
export async function prepareInputs(options: BuildOptions, cwd: string): Promise<BuildInputs> {
  const temporaryDirs: string[] = [];
  const dispose = async (): Promise<void> => {
    for (const dir of temporaryDirs) await rm(dir, { recursive: true, force: true });
  };
  const temporaryDir = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
    const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-'));
    temporaryDirs.push(dir);
    await writeFiles(dir, files);
    return dir;
  };
  try {
    const attributes = new Map<string, string>();
    const localDirs = new Map<string, string>();
    const context = await prepareContext(options, cwd, temporaryDir);
    if (context.url !== undefined) attributes.set('context', context.url);
    if (context.dir !== undefined) localDirs.set('context', context.dir);

    const dockerfile = await prepareDockerfile(options, cwd, context, temporaryDir);
    if (dockerfile.dir !== undefined) localDirs.set('dockerfile', dockerfile.dir);
    if (dockerfile.separate) attributes.set('dockerfilekey', 'dockerfile');
    attributes.set('filename', dockerfile.name);

    await addNamedContexts(options, cwd, attributes, localDirs);
    return {
      attributes,
      localDirs,
      sharedKey: options.context.kind === 'local' && context.dir !== undefined ? basename(context.dir) : '',
      contextDir: context.dir,
      localPath: context.url ?? context.dir ?? '',
      dockerfilePath: dockerfile.statePath,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type TemporaryDir = (files: Readonly<Record<string, string | Uint8Array>>) => Promise<string>;

interface Context {
  readonly dir?: string;
  readonly url?: string;
}

async function prepareContext(options: BuildOptions, cwd: string, temporaryDir: TemporaryDir): Promise<Context> {
  const source = options.context;
  switch (source.kind) {
    case 'local': {
      const dir = resolve(cwd, source.path);
      if (!isDirectory(dir)) {
        throw new TsbuildxError(
          'NOT_FOUND',
          `unable to prepare context: path ${JSON.stringify(source.path)} not found`,
        );
      }
      return { dir };
    }
    case 'memory':
      return { dir: await temporaryDir(source.files) };
    case 'remote':
      return { url: source.url };
    case 'tar':
      throw new TsbuildxError(
        'UNSUPPORTED',
        'a tar archive as build context is not supported yet: unpack it and give its directory',
      );
    default:
      return assertNever(source);
  }
}

interface Dockerfile {
  /** Directory that is served as `dockerfile`; undefined when the file lies in a remote context. */
  readonly dir?: string;
  readonly name: string;
  /** The file is not part of the context's own source. */
  readonly separate: boolean;
  readonly statePath: string;
}

async function prepareDockerfile(
  options: BuildOptions,
  cwd: string,
  context: Context,
  temporaryDir: TemporaryDir,
): Promise<Dockerfile> {
  const source = options.dockerfile;
  if (source?.kind === 'text') {
    return { dir: await temporaryDir({ Dockerfile: source.text }), name: 'Dockerfile', separate: true, statePath: '-' };
  }
  if (source?.kind === 'url') {
    throw new TsbuildxError('UNSUPPORTED', `a Dockerfile from a URL is not supported yet: ${source.url}`);
  }
  if (context.dir === undefined) {
    if (source === undefined) return { name: 'Dockerfile', separate: false, statePath: '' };
    if (!isAbsolute(source.path)) return { name: source.path, separate: false, statePath: source.path };
    refuseLocalPolicy(source.path);
    return { dir: dirname(source.path), name: basename(source.path), separate: true, statePath: source.path };
  }
  const dir = source === undefined ? context.dir : resolve(cwd, dirname(source.path));
  const given = source === undefined ? 'Dockerfile' : basename(source.path);
  if (!isDirectory(dir)) {
    throw new TsbuildxError(
      'NOT_FOUND',
      `unable to prepare context: the directory of the Dockerfile, ${dir}, was not found`,
    );
  }
  const name = onlyLowerCase(dir, given);
  refuseLocalPolicy(join(dir, name));
  return {
    dir,
    name,
    separate: false,
    statePath: source === undefined ? '' : resolve(cwd, source.path),
  };
}

/** `dockerfile` stands in for `Dockerfile` when a listing shows only that: a stat would lie on case-insensitive disks. */
function onlyLowerCase(dir: string, name: string): string {
  if (name !== 'Dockerfile') return name;
  const names = listing(dir);
  return !names.includes('Dockerfile') && names.includes('dockerfile') ? 'dockerfile' : name;
}

async function addNamedContexts(
  options: BuildOptions,
  cwd: string,
  attributes: Map<string, string>,
  localDirs: Map<string, string>,
): Promise<void> {
  const contexts = Object.entries(options.namedContexts ?? {});
  if (contexts.length === 0) return;
  attributes.set('frontend.caps', 'moby.buildkit.frontend.contexts+forward');
  for (const [name, value] of contexts) {
    if (value.startsWith('oci-layout://')) {
      throw new TsbuildxError('UNSUPPORTED', `an OCI layout as build context is not supported yet: ${name}=${value}`);
    }
    if (/^(docker-image:\/\/|target:|https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(value)) {
      attributes.set(`context:${name}`, value);
      continue;
    }
    const dir = resolve(cwd, value);
    if (!isDirectory(dir)) {
      throw new TsbuildxError(
        'NOT_FOUND',
        `failed to get build context ${name}: stat ${value}: no such file or directory`,
      );
    }
    const localName = name === 'context' || name === 'dockerfile' ? `_${name}` : name;
    localDirs.set(localName, dir);
    attributes.set(`context:${name}`, `local:${localName}`);
    attributes.set(`sharedkey:localdir:${name}`, basename(dir));
  }
}

function listing(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

async function writeFiles(dir: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    const relative = normalize(name);
    if (isAbsolute(relative) || relative.split('/').includes('..')) {
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        `the path of a file in memory must lie inside the context: ${JSON.stringify(name)}`,
      );
    }
    try {
      await mkdir(join(dir, dirname(relative)), { recursive: true });
      await writeFile(join(dir, relative), data);
    } catch (error) {
      throw wrap('IO', `failed to write ${name} of the context in memory`, error);
    }
  }
}
