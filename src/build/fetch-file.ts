// Matches buildx build/url.go: a Dockerfile of the web is read by the builder, with the builder's network and proxies.
import { TsbuildxError } from '../base/errors.ts';
import type { BuilderNode } from '../builder/index.ts';
import { newIdentity, type SolveStatus } from '../buildkit/control/index.ts';
import type { Bridge } from '../buildkit/gateway/index.ts';
import { customName, encodeDefinition, httpSource, marshal, type State } from '../llb/index.ts';
import { type Attachable, createSession } from '../session/index.ts';
import { failureOf } from './frontend.ts';
import { solve } from './solve.ts';

const NAME = 'Dockerfile';
const MAX_BYTES = 2 << 20;

/** Reads a Dockerfile at a web address, in a solve that leaves no trace. Errors: INVALID_ARGUMENT above 2 MiB, RPC_FAILED. */
export async function fetchDockerfile(
  node: BuilderNode,
  url: string,
  { signal, onStatus }: { readonly signal: AbortSignal; readonly onStatus: (status: SolveStatus) => void },
): Promise<Uint8Array> {
  const source = httpSource(url, { filename: NAME, description: { [customName]: `[internal] load ${url}` } });
  return await readSource(node, { source, url, attachables: [] }, { signal, onStatus }, async (files, options) => {
    const { size } = await files.bridge.statFile({ ref: files.ref, path: NAME }, options);
    if (size > MAX_BYTES) {
      throw new TsbuildxError('INVALID_ARGUMENT', `Dockerfile ${url} bigger than allowed max size (2.097MB)`);
    }
    return await files.bridge.readFile({ ref: files.ref, path: NAME }, options);
  });
}

/** A source that the daemon fetches. */
export interface RemoteSource {
  readonly source: State;
  /** Names it in messages. */
  readonly url: string;
  /** Serve what fetching needs: keys, tokens. */
  readonly attachables: readonly Attachable[];
}

/** What the daemon has fetched. */
export interface RemoteFiles {
  readonly bridge: Bridge;
  readonly ref: string;
}

/** Reads of what the daemon fetches, in a solve that leaves no trace. Errors: RPC_FAILED, those of `read`. */
export async function readSource<T>(
  node: BuilderNode,
  { source, url, attachables }: RemoteSource,
  { signal, onStatus }: { readonly signal: AbortSignal; readonly onStatus: (status: SolveStatus) => void },
  read: (files: RemoteFiles, options: { readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const ref = newIdentity();
  const bridge = node.bridge(ref);
  const session = createSession({ id: newIdentity(), name: '', sharedKey: '', attachables });
  let data: { readonly value: T } | undefined;
  const fetch = async (options: { readonly signal: AbortSignal }): Promise<void> => {
    const definition = encodeDefinition(marshal(source, { platform: { os: 'linux', architecture: 'amd64' } }));
    const { ref: found } = await bridge.solve({ definition }, options);
    if (found === undefined) throw new TsbuildxError('PROTOCOL', `the daemon has no result for ${url}`);
    data = { value: await read({ bridge, ref: found.id }, options) };
  };
  const request = { ref, session: session.id, exporters: [], frontendAttrs: {}, entitlements: [], internal: true };
  const deps = { control: node.control, bridge, session, dialSession: node.dialSession, failureOf, onStatus };
  const frontend = async (options: {
    readonly signal: AbortSignal;
  }): Promise<{ metadata: Map<string, Uint8Array> }> => {
    await fetch(options);
    return { metadata: new Map() };
  };
  await solve(request, { ...deps, frontend }, { signal });
  if (data === undefined) throw new TsbuildxError('PROTOCOL', `the daemon ended before it had read ${url}`);
  return data.value;
}
