import { readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { assertNever, messageOf, TsbuildxError } from '../base/errors.ts';
import type { Definition } from '../llb/index.ts';
import type { OciStore } from '../registry/layout/index.ts';
import { uploadUrl } from '../session/index.ts';
import { type DockerfileDeps, type DockerfileInput, type FetchFile, prepareDockerfile } from './dockerfile-input.ts';
import { gitQuery } from './git-query.ts';
import { newIdentity } from '../buildkit/control/index.ts';
import { isDirectory, isFile } from './local-dir.ts';
import type { BuildOptions } from './options.ts';
import { isRemoteUrl } from './remote-url.ts';
import { TemporaryDirs } from './temporary-dirs.ts';
import { contextNeeds, transferSlot } from './transfer-slot.ts';

/** The context, the Dockerfile and the named contexts of a build, as a frontend knows them. */
export interface BuildInputs extends AsyncDisposable {
  /** Frontend attributes: `context`, `filename`, `dockerfilekey`, `context:<name>`, … */
  readonly attributes: ReadonlyMap<string, string>;
  /** Definitions that stand for contexts, by name. */
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Directories that the session serves, by name. */
  readonly localDirs: ReadonlyMap<string, string>;
  /** Streams that the session uploads, by id. */
  readonly uploads: ReadonlyMap<string, Readable>;
  /** OCI layouts that the session serves, by store id. */
  readonly stores: ReadonlyMap<string, OciStore>;
  /** With it the daemon finds the files of the last transfer again. Empty for a context that is no local directory. */
  readonly sharedKey: string;
  /** Tells contexts apart of which different things are left out by the build. Empty: the context itself says what. */
  readonly ignoreSlot: string;
  /** Reads which parts of a local context the Dockerfile asks for, as `contextNeeds` tells it. */
  readonly contextNeeds: () => string;
  /** The directory of a local context. */
  readonly contextDir: string | undefined;
  /** What local state keeps: absolute paths, or the URL. */
  readonly localPath: string;
  readonly dockerfilePath: string;
}

/** A stream that fails is told to who reads it; until then that is no reason to crash. To be called before anything is awaited. */
export function holdContext({ context }: Pick<BuildOptions, 'context'>): void {
  if (context.kind === 'tar') context.stream.on('error', () => {});
}

/**
 * Matches buildx build/opt.go loadInputs. What is in memory is written to a private temporary directory, which goes
 * when the inputs are disposed; so does a stream that is the context. `fetch` undefined: there is no builder.
 */
export async function prepareInputs(options: BuildOptions, cwd: string, fetch?: FetchFile): Promise<BuildInputs> {
  const temporary = new TemporaryDirs();
  const dispose = async (): Promise<void> => {
    if (options.context.kind === 'tar') options.context.stream.destroy();
    await temporary[Symbol.asyncDispose]();
  };
  try {
    const stores = new Map<string, OciStore>();
    const found: Found = {
      attributes: new Map(),
      definitions: new Map(),
      localDirs: new Map(),
      stores,
      caps: new Set(),
    };
    const { attributes, definitions, localDirs } = found;
    const context = await prepareContext(options, cwd, temporary);
    if (context.dir !== undefined) localDirs.set('context', context.dir);
    if (context.url !== undefined) addRemote(found, 'context', context.url, options);
    if (context.subdir) attributes.set('contextsubdir', context.subdir);

    const deps = { cwd, contextDir: context.dir, temporary, fetch };
    const prepared = await prepareDockerfile(options, deps);
    const { dockerfile, slot } = await withIgnore(prepared, options, deps);
    if (dockerfile.dir !== undefined) localDirs.set('dockerfile', dockerfile.dir);
    if (dockerfile.separate) attributes.set('dockerfilekey', 'dockerfile');
    attributes.set('filename', dockerfile.name);
    const inContext = definitions.get('context');
    if (inContext !== undefined && !dockerfile.separate) definitions.set('dockerfile', inContext);

    await addNamedContexts(options, cwd, found);
    await addArchiveContexts(options, found);
    if (found.caps.size > 0) attributes.set('frontend.caps', [...found.caps].sort().join(','));
    return {
      attributes,
      definitions,
      localDirs,
      uploads: context.uploads ?? new Map(),
      stores,
      sharedKey: sharedKey(options, context.dir, prepared, slot),
      ignoreSlot: slot,
      contextNeeds: () => (context.dir === undefined ? '' : contextNeeds(textOf(prepared, context.dir))),
      contextDir: context.dir,
      localPath: options.context.kind === 'tar' ? '-' : (context.url ?? context.dir ?? ''),
      dockerfilePath: dockerfile.statePath,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What is gathered of all inputs. */
interface Found {
  readonly attributes: Map<string, string>;
  readonly definitions: Map<string, Definition>;
  readonly localDirs: Map<string, string>;
  readonly stores: Map<string, OciStore>;
  /** What the frontend must be able to do. */
  readonly caps: Set<string>;
}

interface Context {
  readonly dir?: string;
  readonly url?: string;
  readonly subdir?: string | undefined;
  readonly uploads?: ReadonlyMap<string, Readable>;
}

async function prepareContext(options: BuildOptions, cwd: string, temporary: TemporaryDirs): Promise<Context> {
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
      return { dir: await temporary.create(source.files) };
    case 'remote':
      return { url: source.url, subdir: source.subdir };
    case 'tar': {
      const id = newIdentity();
      return { url: uploadUrl(id), uploads: new Map([[id, source.stream]]) };
    }
    default:
      return assertNever(source);
  }
}

/** With an ignore file of its own. */
async function withIgnore(
  dockerfile: DockerfileInput,
  options: BuildOptions,
  deps: DockerfileDeps,
): Promise<{ readonly dockerfile: DockerfileInput; readonly slot: string }> {
  if (options.ignore === undefined) return { dockerfile, slot: '' };
  const { withIgnoreFile } = await import('./ignore-rules.ts');
  return await withIgnoreFile(dockerfile, options.ignore, deps);
}

/** Names what is sent of a local context, so that the daemon finds it again. */
function sharedKey(
  { context, target }: BuildOptions,
  contextDir: string | undefined,
  dockerfile: DockerfileInput,
  ignoreSlot: string,
): string {
  if (context.kind !== 'local' || contextDir === undefined) return '';
  const shown = dockerfile.separate ? '-' : dockerfile.statePath;
  const slot = transferSlot({ target, contextDir, dockerfile: shown }, () => textOf(dockerfile, contextDir));
  return [basename(contextDir), slot, ignoreSlot].filter(Boolean).join(':');
}

function textOf({ dir, name }: DockerfileInput, contextDir: string): string | undefined {
  const path = join(dir ?? contextDir, name);
  // What is no file can be read once.
  return isFile(path) ? readFileSync(path, 'utf8') : undefined;
}

/** A context that the daemon fetches; `name` is the attribute that says so. */
function addRemote(found: Found, name: string, url: string, options: BuildOptions): void {
  const { attributes, definitions, caps } = found;
  attributes.set(name, url);
  const isMain = name === 'context';
  const query = gitQuery(url, isMain, options);
  if (query?.kind === 'capability') caps.add(query.name);
  if (query?.kind !== 'input') return;
  const input = isMain ? name : `git_state_${name}`;
  definitions.set(input, query.definition);
  if (isMain) attributes.delete(name);
  else attributes.set(name, `input:${input}`);
  attributes.set(`input:${name}`, url);
}

async function addNamedContexts(options: BuildOptions, cwd: string, found: Found): Promise<void> {
  const { attributes, localDirs, stores, caps } = found;
  for (const [name, value] of Object.entries(options.namedContexts ?? {})) {
    caps.add('moby.buildkit.frontend.contexts+forward');
    if (value.startsWith('oci-layout://')) {
      const { layoutContext } = await import('./layout-context.ts');
      const layout = await layoutContext(value, cwd);
      attributes.set(`context:${name}`, layout.attribute);
      stores.set(layout.storeId, layout.store);
      continue;
    }
    if (value.startsWith('target:')) {
      const target = value.slice('target:'.length);
      throw new TsbuildxError('NOT_FOUND', `failed to find target ${target} for context ${name}`);
    }
    if (isRemoteUrl(value) || value.startsWith('docker-image://')) {
      addRemote(found, `context:${name}`, value, options);
      continue;
    }
    const dir = namedDir(name, value, cwd);
    const localName = name === 'context' || name === 'dockerfile' ? `_${name}` : name;
    localDirs.set(localName, dir);
    attributes.set(`context:${name}`, `local:${localName}`);
    attributes.set(`sharedkey:localdir:${name}`, basename(dir));
  }
}

async function addArchiveContexts({ archiveContexts = {} }: BuildOptions, found: Found): Promise<void> {
  const contexts = Object.entries(archiveContexts);
  if (contexts.length === 0) return;
  const { archiveDefinition } = await import('./archive-context.ts');
  found.caps.add('moby.buildkit.frontend.contexts+forward');
  for (const [name, dir] of contexts) {
    const input = `archive-${name}`;
    found.definitions.set(input, archiveDefinition(name, dir));
    found.attributes.set(`context:${name}`, `input:${input}`);
  }
}

function namedDir(name: string, path: string, cwd: string): string {
  const dir = path === '' ? '' : resolve(cwd, path);
  let isDir: boolean;
  try {
    isDir = statSync(dir).isDirectory();
  } catch (cause) {
    const why = dir === '' ? 'stat : no such file or directory' : messageOf(cause).replace(dir, path);
    throw new TsbuildxError('NOT_FOUND', `failed to get build context ${name}: ${why}`, { cause });
  }
  if (isDir) return dir;
  throw new TsbuildxError('NOT_FOUND', `failed to get build context path ${path}: not a directory`);
}
