// Matches frontend/gateway/grpcclient: what a frontend image is told in its environment, and who answers on its stdin.
import type { Readable, Writable } from 'node:stream';
import { createBridge } from '../buildkit/gateway/index.ts';
import { createRpcClient } from '../buildkit/rpc/index.ts';
import { type LocalFiles, runFrontend } from '../dockerfile/frontend/index.ts';
import { joinStreams } from '../transport/index.ts';
import { failureOf } from './frontend.ts';
import { gatewayOver } from './gateway.ts';

const optionPrefix = 'BUILDKIT_FRONTEND_OPT_';

export interface FrontendEnvironment {
  readonly attributes: Readonly<Record<string, string>>;
  readonly sessionId: string;
}

/** Reads the environment that a daemon gives to a frontend: `BUILDKIT_FRONTEND_OPT_<n>=<name>=<value>` and the session. */
export function frontendEnvironment(env: Readonly<Record<string, string | undefined>>): FrontendEnvironment {
  const pairs = Object.entries(env)
    .filter(([name]) => name.startsWith(optionPrefix))
    .map(([, pair = '']): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    });
  return { attributes: Object.fromEntries(pairs), sessionId: env['BUILDKIT_SESSION_ID'] ?? '' };
}

/** The client's files are on another machine: all of them are read through the daemon. */
const noFiles: LocalFiles = { has: () => false, read: async () => undefined };

/**
 * Is the Dockerfile frontend of the daemon that speaks gRPC on these streams, for one build. An error of the build is returned
 * to the daemon and resolves; it rejects when the daemon cannot be told.
 */
export async function serveFrontend(
  { input, output }: { readonly input: Readable; readonly output: Writable },
  { attributes, sessionId }: FrontendEnvironment,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  await using rpc = createRpcClient(async () => joinStreams(input, output), { endpoint: 'the daemon' });
  // the streams belong to one build, so nobody looks at its id
  const bridge = createBridge(rpc, { ref: sessionId });
  try {
    const info = await bridge.ping({ signal });
    const gateway = gatewayOver(bridge, info, { attributes, sessionId, inputs: 'ask' });
    const result = await runFrontend({ gateway, locals: noFiles }, { signal });
    await bridge.return(result, { signal });
  } catch (error) {
    await bridge.returnError(failureOf(error), { signal });
  }
}
