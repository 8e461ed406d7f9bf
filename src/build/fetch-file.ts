// Matches buildx build/url.go: a Dockerfile of the web is read by the builder, with the builder's network and proxies.
import { TsbuildxError } from '../base/errors.ts';
import type { BuilderNode } from '../builder/index.ts';
import { newIdentity, type SolveStatus } from '../buildkit/control/index.ts';
import { customName, encodeDefinition, httpSource, marshal } from '../llb/index.ts';
import { createSession } from '../session/index.ts';
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
  const ref = newIdentity();
  const bridge = node.bridge(ref);
  const session = createSession({ id: newIdentity(), name: '', sharedKey: '', attachables: [] });
  let data: Uint8Array | undefined;
  const read = async (options: { readonly signal: AbortSignal }): Promise<void> => {
    const source = httpSource(url, { filename: NAME, description: { [customName]: `[internal] load ${url}` } });
    const definition = encodeDefinition(marshal(source, { platform: { os: 'linux', architecture: 'amd64' } }));
    const { ref: found } = await bridge.solve({ definition }, options);
    if (found === undefined) throw new TsbuildxError('PROTOCOL', `the daemon has no result for ${url}`);
    const { size } = await bridge.statFile({ ref: found.id, path: NAME }, options);
    if (size > MAX_BYTES) {
      throw new TsbuildxError('INVALID_ARGUMENT', `Dockerfile ${url} bigger than allowed max size (2.097MB)`);
    }
    data = await bridge.readFile({ ref: found.id, path: NAME }, options);
  };
  const request = { ref, session: session.id, exporters: [], frontendAttrs: {}, entitlements: [], internal: true };
  const deps = { control: node.control, bridge, session, dialSession: node.dialSession, failureOf, onStatus };
  const frontend = async (options: {
    readonly signal: AbortSignal;
  }): Promise<{ metadata: Map<string, Uint8Array> }> => {
    await read(options);
    return { metadata: new Map() };
  };
  await solve(request, { ...deps, frontend }, { signal });
  if (data === undefined) throw new TsbuildxError('PROTOCOL', `the daemon ended before it had read ${url}`);
  return data;
}
