// Matches ReadEntrypoint of frontend/dockerui/config.go: the Dockerfile and the .dockerignore beside it.
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { basePath, dirPath, joinPath } from '../../base/go-path.ts';
import { customName, localSource, type SourceMap, type State } from '../../llb/index.ts';
import { type BuildContext, marshalAlone, own, solveAlone } from './build-context.ts';
import type { Gateway, LocalFiles } from './gateway.ts';

export interface DockerfileSource {
  readonly sourceMap: SourceMap;
  /** `Dockerfile.dockerignore`, when there is one: it stands for the context's own. */
  readonly ignoreFile: { readonly name: string; readonly data: Uint8Array } | undefined;
  /** The op that reads the Dockerfile; warnings belong to it. */
  readonly digest: string;
}

interface Reading {
  readonly gateway: Gateway;
  readonly locals: LocalFiles;
  readonly context: BuildContext;
  readonly signal: AbortSignal;
}

const defaultName = 'Dockerfile';

/** Reads the Dockerfile on this side when it is local, else through the daemon. */
export async function readDockerfile(reading: Reading): Promise<DockerfileSource> {
  const { gateway, context } = reading;
  const state = context.dockerfile ?? localDockerfile(gateway, context);
  const definition = marshalAlone(gateway, state);
  const digest = definition.digests.at(-2) ?? '';
  const { data, ignore } = await readFiles(reading, state, digest);
  const ignoreName = `${context.filename}.dockerignore`;
  return {
    sourceMap: { filename: context.filename, language: 'Dockerfile', data, definition },
    ignoreFile: ignore && { name: ignoreName, data: ignore },
    digest,
  };
}

interface DockerfileFiles {
  readonly data: Uint8Array;
  readonly ignore: Uint8Array | undefined;
}

function readFiles(reading: Reading, state: State, digest: string): Promise<DockerfileFiles> {
  const { context, locals } = reading;
  const isHere = context.dockerfile === undefined && locals.has(context.dockerfileName);
  return isHere ? readHere(reading, digest) : readThere(reading, state);
}

async function readHere({ locals, context, signal }: Reading, digest: string): Promise<DockerfileFiles> {
  const { dockerfileName: dir, filename } = context;
  const [first, ignore] = await Promise.all([
    locals.read(dir, filename, { signal, digest: () => digest }),
    locals.read(dir, `${filename}.dockerignore`, { signal }),
  ]);
  const other = otherCase(filename);
  const data = first ?? (other === undefined ? undefined : await locals.read(dir, other, { signal }));
  if (data === undefined) {
    throw new TsbuildxError('NOT_FOUND', `failed to read dockerfile: open ${filename}: no such file or directory`);
  }
  return { data, ignore };
}

async function readThere({ gateway, context, signal }: Reading, state: State): Promise<DockerfileFiles> {
  const { filename } = context;
  const ref = await solveAlone(gateway, state, 'failed to resolve dockerfile', signal);
  const read = (path: string): Promise<Uint8Array> =>
    ref === undefined
      ? Promise.reject(new TsbuildxError('NOT_FOUND', `open ${path}: no such file or directory`))
      : gateway.readFile(ref, { path }, { signal });
  let data: Uint8Array;
  try {
    data = await read(filename);
  } catch (error) {
    const other = otherCase(filename);
    const found = other === undefined ? undefined : await read(other).catch(() => undefined);
    if (found === undefined) throw wrap('RPC_FAILED', 'failed to read dockerfile', error);
    data = found;
  }
  // That there is none is the usual case.
  const ignore = await read(`${filename}.dockerignore`).catch(() => undefined);
  signal.throwIfAborted();
  return { data, ignore };
}

/** `dockerfile` is found as well as `Dockerfile`. */
function otherCase(filename: string): string | undefined {
  return basePath(filename) === defaultName ? joinPath(dirPath(filename), defaultName.toLowerCase()) : undefined;
}

function localDockerfile({ buildOpts }: Gateway, { dockerfileName, filename }: BuildContext): State {
  const other = otherCase(filename);
  return localSource(dockerfileName, {
    followPaths: [filename, `${filename}.dockerignore`, ...(other === undefined ? [] : [other])],
    sessionId: sessionOf(buildOpts, dockerfileName),
    sharedKeyHint: dockerfileName,
    description: { [customName]: `[internal] load build definition from ${filename}` },
    differ: 'none',
  });
}

/** The session that serves a local directory. */
export function sessionOf({ opts, sessionId }: Gateway['buildOpts'], localName: string): string {
  return own(opts, `local-sessionid:${localName}`) ?? sessionId;
}
