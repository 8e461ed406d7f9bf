// What builds fetch over HTTP: files, and git repositories.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface AssetServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. Its repository is `URL/repo.git`, with the branch `main`. */
  readonly url: string;
  /** Path and query of every request so far. */
  readonly requests: readonly string[];
}

/** Serves `files`, and a repository of the files `repo`. */
export async function startAssetServer(
  files: Readonly<Record<string, string | Uint8Array>>,
  repo: Readonly<Record<string, string>> = {},
): Promise<AssetServer> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-assets-'));
  await makeRepository(dir, repo);
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    requests.push(request.url ?? '/');
    const file = files[pathname.slice(1)];
    if (pathname.startsWith('/repo.git/')) serveGit(dir, request, response);
    else if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'last-modified': 'Mon, 02 Jan 2006 15:04:05 GMT' }).end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function makeRepository(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  const tree = join(dir, 'tree');
  for (const [name, text] of Object.entries({ 'README.md': 'a repository\n', ...files })) {
    await mkdir(dirname(join(tree, name)), { recursive: true });
    await writeFile(join(tree, name), text);
  }
  const git = async (...args: string[]): Promise<unknown> => await promisify(execFile)('git', args, { cwd: tree });
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '-q', '-m', 'all');
  await git('clone', '-q', '--bare', '.', join(dir, 'repo.git'));
  await rm(tree, { recursive: true });
}

/** Git's own CGI program does the talking. */
function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://x');
  const cgi = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    },
  });
  request.pipe(cgi.stdin);
  cgi.stdin.on('error', () => undefined);
  const chunks: Buffer[] = [];
  cgi.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  cgi.on('close', () => {
    const answer = Buffer.concat(chunks);
    const split = answer.indexOf('\r\n\r\n');
    const fields = answer
      .subarray(0, split)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': ', 2));
    const headers = Object.fromEntries(fields.map(([name = '', value = '']) => [name, value]));
    response.writeHead(Number.parseInt(headers['Status'] ?? '200', 10), headers).end(answer.subarray(split + 4));
  });
}
