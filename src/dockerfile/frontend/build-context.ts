// Matches frontend/dockerui/context.go: where the context and the Dockerfile are, from the attributes.
import { messageOf, TsbuildxError, wrap } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { joinPath } from '../../base/go-path.ts';
import { type Definition, marshal, State, stateOf } from '../../llb/index.ts';
import { isArchive } from './archive.ts';
import type { Gateway, GatewayRef } from './gateway.ts';
import { downloadedName, gitContext, httpContext } from './git-context.ts';

export interface BuildContext {
  /** Undefined: a directory of the client. */
  readonly remote: State | undefined;
  /** Where the Dockerfile is, unless it is a directory of the client. */
  readonly dockerfile: State | undefined;
  readonly contextName: string;
  readonly dockerfileName: string;
  /** The Dockerfile's path in its place. */
  readonly filename: string;
}

const localContext = 'context';
const localDockerfile = 'dockerfile';
/** Enough to tell an archive. */
const headLength = 1024;

/** Looks at the attributes; a web address is fetched to see whether it is an archive. */
export async function findBuildContext(
  gateway: Gateway,
  { signal }: { readonly signal: AbortSignal },
): Promise<BuildContext> {
  const { opts, caps } = gateway.buildOpts;
  const address = own(opts, own(opts, 'contextkey') ?? localContext) ?? '';
  const forcedDockerfile = own(opts, 'dockerfilekey');
  const names = {
    contextName: localContext,
    dockerfileName: forcedDockerfile ?? localDockerfile,
    filename: own(opts, 'filename') ?? 'Dockerfile',
  };
  const found =
    findGit(address, opts) ??
    (await findHttp(address, gateway, signal)) ??
    (caps.supports('frontend.inputs') ? await findInputs(gateway, names.dockerfileName, signal) : {});
  const subdir = own(opts, 'contextsubdir');
  const remote = found.remote !== undefined && subdir !== undefined ? inSubdir(found.remote, subdir) : found.remote;
  return {
    ...names,
    filename: found.filename ?? names.filename,
    remote,
    dockerfile: forcedDockerfile === undefined ? found.dockerfile : undefined,
  };
}

interface Found {
  readonly remote?: State | undefined;
  readonly dockerfile?: State | undefined;
  readonly filename?: string | undefined;
}

function findGit(address: string, opts: Readonly<Record<string, string>>): Found | undefined {
  const state = gitContext(address, {
    keepGitDir: parseGoBool(own(opts, 'build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR') ?? '') === true,
    commitTimes: (own(opts, 'build-arg:SOURCE_DATE_EPOCH') ?? '') !== '',
  });
  return state && { remote: state, dockerfile: state };
}

async function findHttp(address: string, gateway: Gateway, signal: AbortSignal): Promise<Found | undefined> {
  const state = httpContext(address, '[internal] load remote build context');
  if (state === undefined) return undefined;
  const ref = await solveAlone(gateway, state, 'failed to resolve httpcontext', signal);
  const head = await readHead(gateway, ref, signal);
  if (!isArchive(head)) return { remote: state, dockerfile: state, filename: downloadedName };
  const unpacked = State.scratch().file(
    [{ kind: 'copy', from: state, src: joinPath('/', downloadedName), dest: '/', unpack: true }],
    {},
  );
  return { remote: unpacked, dockerfile: unpacked };
}

async function readHead(gateway: Gateway, ref: GatewayRef | undefined, signal: AbortSignal): Promise<Uint8Array> {
  try {
    if (ref === undefined) return new Uint8Array();
    const range = { offset: 0, length: headLength };
    return await gateway.readFile(ref, { path: downloadedName, range }, { signal });
  } catch (error) {
    throw wrap('RPC_FAILED', 'failed to read downloaded context', error);
  }
}

async function findInputs(gateway: Gateway, dockerfileName: string, signal: AbortSignal): Promise<Found> {
  let inputs: ReadonlyMap<string, Definition>;
  try {
    inputs = await gateway.inputs({ signal });
  } catch (error) {
    throw wrap('RPC_FAILED', 'failed to get frontend inputs', error);
  }
  const input = (name: string): State | undefined => {
    const definition = inputs.get(name);
    return definition && stateOf(definition);
  };
  return { remote: input(localContext), dockerfile: input(dockerfileName) };
}

/** Solves one state by itself; undefined when it is empty. */
export async function solveAlone(
  gateway: Gateway,
  state: State,
  what: string,
  signal: AbortSignal,
): Promise<GatewayRef | undefined> {
  try {
    const { ref } = await gateway.solve({ definition: marshalAlone(gateway, state) }, { signal });
    return ref;
  } catch (cause) {
    throw new TsbuildxError('RPC_FAILED', `${what}: ${messageOf(cause)}`, { cause });
  }
}

/** The definition of a helper step, such as the one that reads the Dockerfile. */
export function marshalAlone({ buildOpts }: Gateway, state: State): Definition {
  return marshal(state, { platform: { os: 'linux', architecture: 'amd64' }, caps: buildOpts.caps });
}

function inSubdir(state: State, subdir: string): State {
  const copy = { kind: 'copy', from: state, src: subdir, dest: '/', directoryContentsOnly: true } as const;
  return State.scratch().file([copy], {});
}

/** An attribute; not what every object has. */
export function own(opts: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(opts, key) ? opts[key] : undefined;
}
