// Bundles of build records: both programs make the same ones of the same records, and give them to Docker Desktop alike.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { freshBinary } from '../../scripts/build/fresh-binary.ts';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { baseImage, runProgram } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { tarEntries, tarFiles } from '../support/tar-entries.ts';
import { openTerminal } from '../support/terminal.ts';

let peers: Peers;
let work: AsyncDisposable & { readonly dir: string };
/** Ids of builds. */
let good: string;
let failed: string;
let several: string;
before(async () => {
  peers = await startPeers();
  work = await freshContext({
    Dockerfile: `FROM ${baseImage}\nARG WHO\nCOPY salt /\nRUN echo "<hello> & $WHO"\n`,
    'Failing.Dockerfile': `FROM ${baseImage}\nCOPY salt /\nRUN echo before; exit 3\n`,
    'Scratch.Dockerfile': 'FROM scratch\nCOPY salt /\n',
  });
  const args = ['--build-arg', 'WHO=me&you', '--build-arg', 'SECRET=token=abcdef', '--label', 'a=<b>'];
  const cache = 'type=gha,scope=s,url=http://127.0.0.1:1/,token=hidden';
  good = await build(0, '-t', 'exported', '--cache-from', cache, ...args);
  failed = await build(1, '-f', join(work.dir, 'Failing.Dockerfile'));
  several = await build(0, '-f', join(work.dir, 'Scratch.Dockerfile'), '--platform=linux/amd64,linux/arm64');
});
after(async () => {
  await work?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
});

/** Gives the id of the build. */
async function build(code: number, ...args: readonly string[]): Promise<string> {
  const ran = await peers.run('ours', ['build', '--progress=plain', ...args, work.dir]);
  assert.equal(ran.code, code, ran.stderr);
  const listed = await peers.run('theirs', ['history', 'ls', '--no-trunc', '--format', '{{.Ref}}']);
  const [latest] = listed.stdout.split('\n');
  assert.ok(latest, listed.stderr);
  return latest.slice(latest.lastIndexOf('/') + 1);
}

interface Exported {
  readonly code: number | null;
  readonly said: string;
  readonly archive: Buffer;
}

async function exportBy(side: Side, ...args: readonly string[]): Promise<Exported> {
  const file = join(work.dir, `${side}.dockerbuild`);
  const ran = await peers.run(side, ['history', 'export', '-o', file, ...args]);
  const archive = ran.code === 0 ? gunzipSync(await readFile(file)) : Buffer.alloc(0);
  return { code: ran.code, said: ran.stderr, archive };
}

interface Document {
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
  readonly manifests?: readonly { readonly digest: string }[];
}

/** What each manifest of an archive says, in an order that does not hang on chance. */
function recordsOf(archive: Buffer): unknown[] {
  const files = tarFiles(archive);
  const read = (name: string): Document => JSON.parse(files.get(name)?.toString() ?? '') as Document;
  const blob = (digest: string): Document => read(`blobs/${digest.replace(':', '/')}`);
  const walk = ({ manifests, config, layers = [] }: Document): unknown[] =>
    manifests?.flatMap(({ digest }) => walk(blob(digest))) ?? [
      { record: blob(config?.digest ?? ''), layers: layers.toSorted((a, b) => (a.digest < b.digest ? -1 : 1)) },
    ];
  return walk(read('index.json'));
}

describe('history export', () => {
  for (const [name, args] of [
    ['a build', () => [good]],
    ['a build that failed', () => [failed]],
    ['the latest build but one', () => ['^1']],
    ['two builds', () => [failed, good]],
  ] as const) {
    it(`of ${name} gives the same bytes`, async () => {
      const ours = await exportBy('ours', '--finalize', ...args());
      const theirs = await exportBy('theirs', ...args());
      assert.equal(ours.code, 0, ours.said);
      assert.deepEqual(tarEntries(ours.archive), tarEntries(theirs.archive));
      assert.ok(ours.archive.equals(theirs.archive));
      const text = ours.archive.toString('latin1');
      assert.ok(text.includes('application/vnd.buildkit.otlp.json.v0'), 'there is no trace');
      assert.ok(!text.includes('hidden'), 'there is a token');
    });
  }

  // the attestations of platforms come in any order from theirs
  it('of the latest, and of all, also those of several platforms, has the same content', async () => {
    for (const args of [[], ['--all']]) {
      const ours = await exportBy('ours', '--finalize', ...args);
      const theirs = await exportBy('theirs', ...args);
      assert.equal(ours.code, 0, ours.said);
      assert.deepEqual(recordsOf(ours.archive), recordsOf(theirs.archive));
      assert.match(JSON.stringify(recordsOf(ours.archive)), new RegExp(several));
    }
  });

  it('refuses what theirs refuses, in the same words', async () => {
    for (const args of [['nope'], ['^999'], ['^x'], ['--all', good], ['-o', join(work.dir, 'no/where')]]) {
      const [ours, theirs] = [await exportBy('ours', ...args), await exportBy('theirs', ...args)];
      assert.deepEqual([ours.code, ours.said], [theirs.code, theirs.said], args.join(' '));
    }
    for (const program of [await freshBinary(), await buildxPeer()]) {
      const setting = { columns: 120, rows: 10, env: peers.env };
      await using terminal = await openTerminal([program, 'history', 'export', good], setting);
      await terminal.shows(/^ERROR: refusing to write to console, use --output to specify a file/);
      assert.equal(await terminal.ended(), 1);
    }
  });

  it('writes to stdout and devices, and replaces the file behind a link as a whole', async () => {
    const { archive } = await exportBy('ours', good);
    const call = `'${await freshBinary()}' history export ${good}`;
    for (const target of ['', '-o /dev/stdout']) {
      const ran = await runProgram('sh', ['-c', `${call} ${target} | gzip -d | sha256sum`], { env: peers.env });
      const expected = await runProgram('sh', ['-c', `gzip -dc '${join(work.dir, 'ours.dockerbuild')}' | sha256sum`]);
      assert.deepEqual(ran, expected);
    }
    await writeFile(join(work.dir, 'kept'), 'old');
    await chmod(join(work.dir, 'kept'), 0o666);
    await symlink('kept', join(work.dir, 'link'));
    const ran = await peers.run('ours', ['history', 'export', '-o', join(work.dir, 'link'), good]);
    assert.deepEqual(ran, { code: 0, stdout: '', stderr: '' });
    assert.equal((await stat(join(work.dir, 'kept'))).mode & 0o777, 0o666);
    assert.ok(gunzipSync(await readFile(join(work.dir, 'kept'))).equals(archive));
    assert.doesNotMatch((await readdir(work.dir)).join(), /\.tmp-/);
  });
});

/** Stands in for the build server of Docker Desktop, of which there is none here. */
interface Desktop extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** What was uploaded, and how. */
  readonly uploads: { readonly how: string; readonly bundle: Buffer }[];
}

async function startDesktop(status: number, answer: string): Promise<Desktop> {
  const home = await freshContext({ 'bin/xdg-open': `#!/bin/sh\necho "opened $*"\nexit \${OPEN_CODE:-0}\n` });
  await chmod(join(home.dir, 'bin/xdg-open'), 0o755);
  await mkdir(join(home.dir, '.docker/desktop'), { recursive: true });
  const uploads: Desktop['uploads'] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      uploads.push({ how: `${request.method} ${request.headers.host}${request.url}`, bundle: Buffer.concat(chunks) });
      response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(join(home.dir, '.docker/desktop/docker-desktop-build.sock'), resolve);
  });
  const path = [join(home.dir, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
  return {
    env: { HOME: home.dir, PATH: path },
    uploads,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await home[Symbol.asyncDispose]();
    },
  };
}

/** How both programs end, when Docker Desktop answers so. */
async function callBoth(
  words: readonly string[],
  { status = 200, answer = '["one","two"]', env = {} }: { status?: number; answer?: string; env?: object } = {},
): Promise<readonly [unknown, unknown]> {
  const call = async (side: Side): Promise<unknown> => {
    await using desktop = await startDesktop(status, answer);
    const stdin = createReadStream(join(work.dir, 'ours.dockerbuild'));
    const ran = await peers.run(side, words, { env: { ...desktop.env, ...env }, stdin });
    return { ran, uploads: desktop.uploads };
  };
  return [await call('ours'), await call('theirs')];
}

describe('history import and open', () => {
  const bundle = (): string => join(work.dir, 'ours.dockerbuild');

  it('give bundles to Docker Desktop, and show the first build that is in them', async () => {
    const { archive } = await exportBy('ours', good);
    for (const [args, count, code] of [
      [['-f', bundle()], 1, 0],
      [['-f', bundle(), '--file', '-'], 2, 0],
      [[], 1, 3],
    ] as const) {
      const [ours, theirs] = await callBoth(['history', 'import', ...args], { env: { OPEN_CODE: String(code) } });
      assert.deepEqual(ours, theirs);
      const { ran, uploads } = ours as { ran: { code: number; stdout: string }; uploads: Desktop['uploads'] };
      assert.equal(ran.stdout, 'opened docker-desktop://dashboard/build/.imported/_/one\n');
      assert.equal(ran.code, code === 0 ? 0 : 1);
      assert.deepEqual(
        uploads.map(({ how, bundle: bytes }) => [how, gunzipSync(bytes).equals(archive)]),
        Array.from({ length: count }, () => ['POST docker-desktop/upload', true]),
      );
    }
  });

  it('open the record of a build', async () => {
    for (const args of [[], ['^2'], [good]]) {
      const [ours, theirs] = await callBoth(['history', 'open', ...args]);
      assert.deepEqual(ours, theirs);
      assert.match(
        JSON.stringify(ours),
        /opened docker-desktop:\/\/dashboard\/build\/default\/default\/[a-z0-9]{25}\\n/,
      );
    }
  });

  it('fail as theirs', async () => {
    const nowhere = join(work.dir, 'nowhere');
    await mkdir(nowhere);
    for (const [words, setting] of [
      [['import', '-f', bundle()], { status: 400, answer: 'what is this\n' }],
      [['import', '-f', bundle()], { answer: '[]' }],
      [['import', '-f', bundle()], { answer: 'null' }],
      [['import', '-f', bundle()], { env: { PATH: nowhere } }],
      [['import', '-f', bundle()], { env: { HOME: nowhere } }],
      [['import'], { env: { WSL_DISTRO_NAME: 'Debian' } }],
      [['import', '-f', nowhere + '/none'], {}],
      [['open', 'nope'], {}],
      [['open'], { env: { PATH: nowhere } }],
      [['open'], { env: { OPEN_CODE: '7' } }],
    ] as const) {
      const [ours, theirs] = await callBoth(['history', ...words], setting);
      assert.deepEqual(ours, theirs, JSON.stringify([words, setting]));
      assert.match(JSON.stringify(ours), /"code":1,.*ERROR: /);
    }
  });

  it('import from stdin when that is named', async () => {
    const [ours] = await callBoth(['history', 'import', '-']);
    assert.match(JSON.stringify(ours), /"code":0,.*opened/);
    const [other] = await callBoth(['history', 'import', 'file']);
    assert.match(JSON.stringify(other), /use --file file/);
  });
});
