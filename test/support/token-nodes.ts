// What tests of builds over nodes share: both programs, a builder `pair` of two nodes, and a registry with tokens to push to.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startNodes, type TestNodes } from './nodes.ts';
import { type Peers, startPeers } from './peers.ts';
import { startRegistry, startTokenServer, type TestRegistry } from './registry.ts';

export interface TokenNodes extends AsyncDisposable {
  readonly peers: Peers;
  readonly nodes: TestNodes;
  readonly registry: TestRegistry;
}

/** `pair` has a node for linux/amd64 and one for linux/arm64. */
export async function startTokenNodes(): Promise<TokenNodes> {
  await using stack = new AsyncDisposableStack();
  const peers = stack.use(await startPeers());
  const nodes = stack.use(await startNodes(peers.engine, peers.configDir));
  await nodes.write('pair', ['linux/amd64', 'linux/arm64']);
  const tokens = stack.use(await startTokenServer());
  const registry = stack.use(await startRegistry({ kind: 'token', realm: tokens.realm }));
  await writeFile(join(peers.configDir, 'config.json'), registry.config);
  const started = stack.move();
  return { peers, nodes, registry, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
