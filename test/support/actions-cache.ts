// A fake of the cache service of GitHub Actions, version 1, as far as BuildKit's client of it goes
// (tonistiigi/go-actions-cache): no real one can be run. It checks nothing but the token.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer, json } from 'node:stream/consumers';

export interface FakeActionsCache extends AsyncDisposable {
  /** For ACTIONS_CACHE_URL. */
  readonly url: string;
  /** For ACTIONS_RUNTIME_TOKEN. */
  readonly token: string;
  /** Keys of what was saved. */
  readonly keys: () => readonly string[];
}

interface Entry {
  readonly key: string;
  readonly parts: { readonly start: number; readonly data: Buffer }[];
  isCommitted: boolean;
}

interface Answer {
  readonly status: number;
  readonly body?: Buffer | string;
}

export async function startFakeActionsCache(): Promise<FakeActionsCache> {
  const entries: Entry[] = [];
  const token = runtimeToken();
  const server = createServer((request, response) => {
    void (async () => {
      const { status, body } = await answer(request);
      response.writeHead(status).end(body);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const url = `http://127.0.0.1:${address.port}/`;

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    const blob = /^\/blobs\/(\d+)$/.exec(pathname)?.[1];
    if (blob !== undefined) return readBlob(entries[Number(blob)], request.headers.range);
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401 };
    const [, path = '', id = ''] = /^\/_apis\/artifactcache\/(caches|cache)(?:\/(\d+))?$/.exec(pathname) ?? [];
    if (path === 'cache') return find((searchParams.get('keys') ?? '').split(','));
    if (path !== 'caches') return { status: 404 };
    if (id === '') return reserve((await json(request)) as { readonly key: string });
    const entry = entries[Number(id) - 1];
    if (entry === undefined) return { status: 404 };
    if (request.method === 'PATCH') {
      const start = Number(/^bytes (\d+)-/.exec(request.headers['content-range'] ?? '')?.[1]);
      entry.parts.push({ start, data: await buffer(request) });
    } else entry.isCommitted = true;
    return { status: 204 };
  }

  /** The newest that begins with a key. */
  function find(keys: readonly string[]): Answer {
    const at = entries.findLastIndex(
      ({ key, isCommitted }) => isCommitted && keys.some((wanted) => key.startsWith(wanted)),
    );
    const found = entries[at];
    if (found === undefined) return { status: 204 };
    return { status: 200, body: JSON.stringify({ cacheKey: found.key, archiveLocation: `${url}blobs/${at}` }) };
  }

  function reserve({ key }: { readonly key: string }): Answer {
    if (entries.some((entry) => entry.key === key)) return { status: 409 };
    return { status: 201, body: JSON.stringify({ cacheId: entries.push({ key, parts: [], isCommitted: false }) }) };
  }

  return {
    url,
    token,
    keys: () => entries.filter(({ isCommitted }) => isCommitted).map(({ key }) => key),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readBlob(entry: Entry | undefined, range = ''): Answer {
  if (entry === undefined) return { status: 404 };
  const all = Buffer.concat(entry.parts.sort((a, b) => a.start - b.start).map(({ data }) => data));
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  if (start === undefined) return { status: 200, body: all };
  return { status: 206, body: all.subarray(Number(start), end ? Number(end) + 1 : undefined) };
}

/** A token whose claims let everything be read and written; nobody checks its signature. */
function runtimeToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const ac = JSON.stringify([{ Scope: 'refs/heads/main', Permission: 3 }]);
  return `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode({ ac, nbf: now - 60, exp: now + 3600, id: randomUUID() })}.c2ln`;
}
