// A fake of the cache service of GitHub Actions, versions 1 and 2, as far as BuildKit's client of it goes
// (tonistiigi/go-actions-cache): no real one can be run. It checks nothing but the token. In version 2, blobs are those of
// Azure's storage.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer, json } from 'node:stream/consumers';

export interface FakeActionsCache extends AsyncDisposable {
  /** For ACTIONS_CACHE_URL, and for ACTIONS_RESULTS_URL of version 2. */
  readonly url: string;
  /** For ACTIONS_RUNTIME_TOKEN. */
  readonly token: string;
  /** Keys of what was saved. */
  readonly keys: () => readonly string[];
  /** What was called, without the addresses of blobs. */
  readonly calls: () => ReadonlySet<string>;
}

interface Entry {
  readonly key: string;
  readonly parts: { readonly start: number; readonly data: Buffer }[];
  /** Version 2: what was sent and has no place yet. */
  readonly blocks: Map<string, Buffer>;
  isCommitted: boolean;
}

interface Answer {
  readonly status: number;
  readonly body?: Buffer | string;
}

export async function startFakeActionsCache(): Promise<FakeActionsCache> {
  const entries: Entry[] = [];
  const calls = new Set<string>();
  const token = runtimeToken();
  const server = createServer((request, response) => {
    void (async () => {
      const { status, body } = await answer(request);
      response.writeHead(status, { 'x-ms-request-id': randomUUID() }).end(body);
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
    if (blob !== undefined) {
      if (request.method === 'PUT') return await writeBlob(entries[Number(blob)], searchParams, await buffer(request));
      const range = request.headers['x-ms-range'] ?? request.headers.range;
      return readBlob(entries[Number(blob)], String(range ?? ''));
    }
    calls.add(pathname);
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401 };
    const method = /^\/twirp\/github\.actions\.results\.api\.v1\.CacheService\/(\w+)$/.exec(pathname)?.[1];
    if (method !== undefined) return answerV2(method, (await json(request)) as RequestV2);
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
    const cacheId = entries.push({ key, parts: [], blocks: new Map(), isCommitted: false });
    return { status: 201, body: JSON.stringify({ cacheId }) };
  }

  function answerV2(method: string, { key, restore_keys: keys = [] }: RequestV2): Answer {
    const ok = (more: object): Answer => ({ status: 200, body: JSON.stringify({ ok: true, ...more }) });
    if (method === 'CreateCacheEntry') {
      const { status } = reserve({ key });
      return status === 409
        ? { status, body: '{"code":"already_exists","msg":"there is one"}' }
        : ok({ signed_upload_url: `${url}blobs/${entries.length - 1}` });
    }
    if (method === 'FinalizeCacheEntryUpload') {
      const at = entries.findIndex((entry) => entry.key === key);
      const entry = entries[at];
      if (entry === undefined) return { status: 404 };
      entry.isCommitted = true;
      return ok({ entry_id: String(at) });
    }
    if (method !== 'GetCacheEntryDownloadURL') return { status: 404 };
    const { body } = find([key, ...keys]);
    if (body === undefined) return { status: 200, body: JSON.stringify({ ok: false }) };
    const found = JSON.parse(String(body)) as { readonly cacheKey: string; readonly archiveLocation: string };
    return ok({ matched_key: found.cacheKey, signed_download_url: found.archiveLocation });
  }

  return {
    url,
    token,
    calls: () => calls,
    keys: () => entries.filter(({ isCommitted }) => isCommitted).map(({ key }) => key),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface RequestV2 {
  readonly key: string;
  readonly restore_keys?: readonly string[];
}

/** A blob whole, a block of one, or the blocks that a blob is made of. */
async function writeBlob(entry: Entry | undefined, query: URLSearchParams, data: Buffer): Promise<Answer> {
  if (entry === undefined) return { status: 404 };
  const part = query.get('comp');
  if (part === 'block') entry.blocks.set(query.get('blockid') ?? '', data);
  else if (part === 'blocklist') {
    const ids = [...data.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id);
    const blocks = ids.map((id) => entry.blocks.get(id));
    if (!blocks.every((block) => block !== undefined)) return { status: 400 };
    entry.parts.push({ start: 0, data: Buffer.concat(blocks) });
  } else entry.parts.push({ start: 0, data });
  return { status: 201 };
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
