// A proxy in front of a registry that writes down the requests, and can spoil what is read.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';

/**
 * `reset`: the connection breaks before it is forwarded. `break`: it breaks in the middle of what is sent. `busy`: 429, to be
 * asked again after a second. `down`: 503.
 */
export type Disturbance = 'reset' | 'break' | 'busy' | 'down';

export interface RegistryRelay extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `METHOD PATH?QUERY` of all requests. */
  readonly requests: readonly string[];
  /** Disturbs the next `times` requests of which `METHOD PATH?QUERY` matches. */
  disturb(requests: RegExp, how: Disturbance, times: number): void;
  /** Disturbances that have not happened yet. */
  readonly pending: () => number;
  /** Answers `GET PATH` itself from now on, with an OCI index. */
  serveIndex(path: string, index: object): void;
  /** From now on the content of this digest arrives changed, or without its end. */
  spoil(digest: string, how: 'changed' | 'cut'): void;
}

export async function startRegistryRelay(registry: string): Promise<RegistryRelay> {
  const requests: string[] = [];
  const indexes = new Map<string, object>();
  const disturbances: { pattern: RegExp; how: Disturbance; left: number }[] = [];
  const spoilt = new Map<string, 'changed' | 'cut'>();
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    requests.push(`${method} ${url}`);
    const disturbance = disturbances.find(({ pattern, left }) => left > 0 && pattern.test(`${method} ${url}`));
    if (disturbance !== undefined) {
      disturbance.left -= 1;
      disturbed.get(disturbance.how)?.(incoming, outgoing);
      return;
    }
    const index = method === 'GET' ? indexes.get(url.split('?')[0] ?? '') : undefined;
    if (index !== undefined) {
      outgoing.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }).end(JSON.stringify(index));
      return;
    }
    const how = method === 'GET' ? spoilt.get(url.split('/').at(-1) ?? '') : undefined;
    // the registry names itself as it is called
    const forwarded = ask(`http://${registry}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (how === undefined) {
        answer.pipe(outgoing);
        return;
      }
      answer.on('data', (chunk: Buffer) => {
        if (how === 'changed') outgoing.write(chunk.fill('x', 0, 1));
        else outgoing.write(chunk.subarray(0, 1), () => outgoing.destroy());
      });
      answer.on('end', () => outgoing.end());
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    host: `127.0.0.1:${address.port}`,
    requests,
    disturb: (pattern, how, left) => void disturbances.push({ pattern, how, left }),
    pending: () => disturbances.reduce((sum, { left }) => sum + left, 0),
    serveIndex: (path, index) => void indexes.set(path, index),
    spoil: (digest, how) => void spoilt.set(digest, how),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const disturbed: ReadonlyMap<Disturbance, (incoming: IncomingMessage, outgoing: ServerResponse) => void> = new Map([
  ['reset', (incoming) => void incoming.socket.resetAndDestroy()],
  ['break', (incoming) => void incoming.once('data', () => incoming.socket.destroy())],
  [
    'busy',
    (incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(429, { 'retry-after': '1' }).end();
    },
  ],
  [
    'down',
    (incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(503).end();
    },
  ],
]);
