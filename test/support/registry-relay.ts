// A proxy in front of a registry that writes down the requests, and can spoil what is read.
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';

export interface RegistryRelay extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `METHOD PATH?QUERY` of all requests. */
  readonly requests: readonly string[];
  /** From now on the content of this digest arrives changed, or without its end. */
  spoil(digest: string, how: 'changed' | 'cut'): void;
}

export async function startRegistryRelay(registry: string): Promise<RegistryRelay> {
  const requests: string[] = [];
  const spoilt = new Map<string, 'changed' | 'cut'>();
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    requests.push(`${method} ${url}`);
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
    spoil: (digest, how) => void spoilt.set(digest, how),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
