import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { resolveRoot, sendTree, type TreePatterns } from '../../../../src/session/fsutil/index.ts';
import { decodePacket, encodePacket, type Packet } from '../../../../src/session/fsutil/packet-codec.ts';
import type { Stat } from '../../../../src/session/fsutil/stat.ts';
import { callPair } from '../../../support/call-pair.ts';
import { temporaryDirectory, writeTree } from '../../../support/trees.ts';

const REQ = 1;
const DATA = 2;
const FIN = 3;
const ERR = 4;

interface Transfer {
  readonly stats: readonly Stat[];
  /** By path. */
  readonly contents: ReadonlyMap<string, Buffer>;
}

interface Wishes {
  readonly patterns?: Partial<TreePatterns>;
  /** Which files are asked for. Default: all. */
  readonly wants?: (stat: Stat) => boolean;
  /** Called when the list is complete, before anything is asked for. */
  readonly afterList?: () => void;
}

/** Receives a tree as a daemon does. Rejects with what the sender says is wrong. */
async function transfer(root: string, wishes: Wishes = {}): Promise<Transfer> {
  const [server, client] = callPair();
  const patterns = { include: [], exclude: [], followPaths: [], ...wishes.patterns };
  const sending = sendTree(server, { root: resolveRoot(root), patterns });
  const receiving = (async (): Promise<Transfer> => {
    const stats: Stat[] = [];
    const open = new Map<number, Buffer[]>();
    const contents = new Map<string, Buffer>();
    const requests: number[] = [];
    const finish = async (): Promise<void> => {
      if (requests.length === contents.size) await client.send(encodePacket(FIN, 0, Buffer.of()));
    };
    for await (const batch of client.batches()) {
      for (const message of batch) {
        const packet: Packet = decodePacket(message.slice());
        if (packet.type === ERR) throw new Error(Buffer.from(packet.data).toString());
        if (packet.type === FIN) return { stats, contents };
        if (packet.type === DATA) {
          if (packet.data.length > 0) open.get(packet.id)?.push(Buffer.from(packet.data));
          else {
            contents.set(stats[packet.id]?.path ?? '', Buffer.concat(open.get(packet.id) ?? []));
            await finish();
          }
        } else if (packet.stat !== undefined) {
          const isFile = (packet.stat.mode & 0x8f28_0000) === 0 && packet.stat.linkname === '';
          if (isFile && wishes.wants?.(packet.stat) !== false) requests.push(stats.length);
          stats.push(packet.stat);
        } else {
          wishes.afterList?.();
          for (const id of requests) {
            open.set(id, []);
            await client.send(encodePacket(REQ, id, Buffer.of()));
          }
          await finish();
        }
      }
    }
    throw new Error('the sender left');
  })();
  const [received, sent] = await Promise.allSettled([receiving, sending]);
  if (sent.status === 'rejected') throw sent.reason;
  if (received.status === 'rejected') throw received.reason;
  return received.value;
}

async function pathsOf(root: string, patterns: Partial<TreePatterns> = {}): Promise<string[]> {
  const { stats } = await transfer(root, { patterns, wants: () => false });
  return stats.map(({ path }) => path);
}

void test('entries come depth first, by the bytes of their names', async () => {
  using root = temporaryDirectory();
  const names = ['a', 'a-b', 'a.b', 'a b', 'A', 'e\u0301', 'é', '😀', 'Ａ'];
  writeTree(root.path, Object.fromEntries([...names.slice(1), 'a/b', 'a/b2/c', 'a/z'].map((name) => [name, ''])));
  assert.deepEqual(await pathsOf(root.path), [
    'A',
    'a',
    'a/b',
    'a/b2',
    'a/b2/c',
    'a/z',
    'a b',
    'a-b',
    'a.b',
    'e\u0301',
    'é',
    'Ａ',
    '😀',
  ]);
});

void test('every kind of file is described as Go does, owned by root', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { file: 'abc', 'dir/': '', tool: 'x' });
  const at = (name: string): string => join(root.path, name);
  chmodSync(at('file'), 0o6754);
  chmodSync(at('dir'), 0o1777);
  symlinkSync('../x', at('link'));
  execFileSync('mkfifo', ['-m', '0600', at('fifo')]);
  utimesSync(at('file'), 1, '-1.5');
  await using listening = await listen(at('sock'));
  const { stats, contents } = await transfer(root.path);
  const found = Object.fromEntries(stats.map((stat) => [stat.path, stat]));
  assert.deepEqual(
    { ...found['file'] },
    {
      path: 'file',
      mode: 0x00c0_0000 + 0o754,
      uid: 0,
      gid: 0,
      size: 3,
      modTime: -1_500_000_000n,
      linkname: '',
      devMajor: 0,
      devMinor: 0,
    },
  );
  assert.deepEqual([found['dir']?.mode, found['dir']?.size], [0x8010_0000 + 0o777, 0]);
  assert.deepEqual(
    [found['link']?.mode, found['link']?.linkname, found['link']?.size],
    [0x0800_0000 + 0o777, '../x', 4],
  );
  assert.equal(found['fifo']?.mode, 0x0200_0000 + 0o600);
  assert.equal((found['sock']?.mode ?? 0) & 0x0100_0000, 0, 'a socket goes as a file');
  assert.deepEqual(contents.get('sock'), Buffer.of());
  assert.deepEqual([...contents.keys()].sort(), ['file', 'sock', 'tool']);
  assert.ok(listening);
});

async function listen(path: string): Promise<AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { [Symbol.asyncDispose]: async () => await new Promise<void>((resolve) => server.close(() => resolve())) };
}

void test('contents of all sizes arrive', async () => {
  using root = temporaryDirectory();
  const sizes = [0, 1, 100, 65_535, 65_536, 65_537, 262_119, 262_120, 262_121, 1_000_000];
  writeTree(root.path, Object.fromEntries(sizes.map((size, i) => [`d${i % 3}/f${size}`, Buffer.alloc(size, i + 1)])));
  const { contents } = await transfer(root.path);
  for (const [i, size] of sizes.entries()) {
    assert.ok(contents.get(`d${i % 3}/f${size}`)?.equals(Buffer.alloc(size, i + 1)), `${size} bytes`);
  }
});

void test('thousands of files, asked for while the list still comes', async () => {
  using root = temporaryDirectory();
  const files: Record<string, string> = {};
  for (let i = 0; i < 1_000; i++) files[`d${i % 50}/file-${i}`] = `content ${i}`;
  writeTree(root.path, files);
  const [server, client] = callPair();
  const sending = sendTree(server, {
    root: resolveRoot(root.path),
    patterns: { include: [], exclude: [], followPaths: [] },
  });
  let next = 0;
  let asked = 0;
  let done = 0;
  let listed = false;
  for await (const batch of client.batches()) {
    for (const message of batch) {
      const { type, stat, data } = decodePacket(message);
      if (type === DATA && data.length === 0) done++;
      if (type === 0 && stat === undefined) listed = true;
      if (stat !== undefined) {
        if ((stat.mode & 0x8000_0000) === 0) {
          asked++;
          await client.send(encodePacket(REQ, next, Buffer.of()));
        }
        next++;
      }
      if (type === FIN) client.close();
    }
    if (listed && done === asked) {
      await client.send(encodePacket(FIN, 0, Buffer.of()));
      break;
    }
  }
  await sending;
  assert.equal(done, 1_000);
});

void test('a hard link names the first path that is sent', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { 'a/one': 'same', other: 'x' });
  for (const name of ['b', 'c', 'd']) linkSync(join(root.path, 'a/one'), join(root.path, name));
  const links = async (patterns: Partial<TreePatterns>): Promise<string[]> => {
    const { stats } = await transfer(root.path, { patterns });
    return stats.filter(({ mode }) => (mode & 0x8000_0000) === 0).map(({ path, linkname }) => `${path}>${linkname}`);
  };
  assert.deepEqual(await links({}), ['a/one>', 'b>a/one', 'c>a/one', 'd>a/one', 'other>']);
  assert.deepEqual(await links({ exclude: ['a'] }), ['b>', 'c>b', 'd>b', 'other>']);
  assert.deepEqual(await links({ include: ['c', 'd'] }), ['c>', 'd>c']);
});

const filters: readonly (readonly [patterns: Partial<TreePatterns>, paths: readonly string[]])[] = [
  [{ exclude: ['a'] }, ['b', 'b/x', 'b/y.md', 'c.md']],
  [{ exclude: ['**/*.md'] }, ['a', 'a/b', 'a/b/x', 'a/z', 'b', 'b/x']],
  [{ exclude: ['a', '!a/b/x'] }, ['a', 'a/b', 'a/b/x', 'b', 'b/x', 'b/y.md', 'c.md']],
  [{ exclude: ['*', '!**/y.md'] }, ['b', 'b/y.md']],
  [{ include: ['a/b'] }, ['a', 'a/b', 'a/b/x']],
  [{ include: ['a/b/*'] }, ['a', 'a/b', 'a/b/x']],
  [{ include: ['*/x'] }, ['b', 'b/x']],
  [{ include: ['**/x'] }, ['a', 'a/b', 'a/b/x', 'b', 'b/x']],
  [{ include: ['b', '!b/x'] }, ['b', 'b/y.md']],
  [{ include: ['b'], exclude: ['**/*.md'] }, ['b', 'b/x']],
  [{ include: ['nothing'] }, []],
  [{ exclude: ['**'] }, []],
];

for (const [patterns, paths] of filters) {
  void test(`sent with ${JSON.stringify(patterns)}`, async () => {
    using root = temporaryDirectory();
    writeTree(root.path, { 'a/b/x': '', 'a/z': '', 'b/x': '', 'b/y.md': '', 'c.md': '' });
    assert.deepEqual(await pathsOf(root.path, patterns), paths);
  });
}

const followed: readonly (readonly [follow: readonly string[], paths: readonly string[]])[] = [
  [['real'], ['real', 'real/file']],
  [['direct'], ['direct', 'real', 'real/file']],
  [['chain'], ['chain', 'direct', 'real', 'real/file']],
  [['direct/file'], ['direct', 'real', 'real/file']],
  [['absolute/file'], ['absolute', 'real', 'real/file']],
  [['outside'], ['outside', 'real', 'real/file']],
  [['loop1'], ['loop1', 'loop2']],
  [['dangling'], ['dangling']],
  [['d*'], ['dangling', 'direct', 'real', 'real/file']],
  [['real/*'], ['real', 'real/file']],
  [['/direct'], ['direct', 'real', 'real/file']],
  [['missing'], []],
];

for (const [followPaths, paths] of followed) {
  void test(`followed: ${followPaths.join(' ')}`, async () => {
    using root = temporaryDirectory();
    writeTree(root.path, { 'real/file': '', other: '' });
    for (const [name, target] of Object.entries({
      direct: 'real',
      chain: './direct',
      absolute: '/real',
      outside: '../../../real',
      loop1: 'loop2',
      loop2: 'loop1',
      dangling: 'nowhere',
    })) {
      symlinkSync(target, join(root.path, name));
    }
    assert.deepEqual(await pathsOf(root.path, { followPaths }), paths);
  });
}

void test('following the root filters nothing', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { a: '', b: '' });
  assert.deepEqual(await pathsOf(root.path, { followPaths: ['a', '.'] }), ['a', 'b']);
  assert.deepEqual(await pathsOf(root.path, { followPaths: ['/'] }), ['a', 'b']);
});

void test('the root may be a link', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { 'real/a': '' });
  symlinkSync('real', join(root.path, 'link'));
  assert.deepEqual(await pathsOf(`${join(root.path, 'link')}/`), ['a']);
  assert.throws(() => resolveRoot(join(root.path, 'real/a')), { code: 'IO', message: /not a directory/ });
  assert.throws(() => resolveRoot(join(root.path, 'missing')), { code: 'IO', message: /no such file or directory/ });
});

void test('a file that vanishes, shrinks or becomes a link after it was listed is an error that names it', async () => {
  const changes: readonly (readonly [change: (file: string) => void, message: RegExp])[] = [
    [(file) => rmSync(file), /open dir\/big: no such file or directory/],
    [(file) => truncateSync(file, 10), /dir\/big has changed while it was sent: it had \d+ bytes and now has 10/],
    [
      (file) => {
        rmSync(file);
        symlinkSync('/etc/passwd', file);
      },
      /open dir\/big: /,
    ],
    [
      (file) => {
        rmSync(file);
        execFileSync('mkfifo', [file]);
      },
      /dir\/big has changed/,
    ],
  ];
  for (const size of [1_000, 1_000_000]) {
    for (const [change, message] of changes) {
      using root = temporaryDirectory();
      writeTree(root.path, { 'dir/big': Buffer.alloc(size) });
      const afterList = (): void => change(join(root.path, 'dir/big'));
      await assert.rejects(transfer(root.path, { afterList }), { code: 'IO', message });
    }
  }
});

void test('a file that grows is sent as it was listed', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { small: 'abc', large: Buffer.alloc(300_000, 1) });
  const afterList = (): void => {
    for (const name of ['small', 'large']) appendFileSync(join(root.path, name), 'more');
  };
  const { contents } = await transfer(root.path, { afterList });
  assert.equal(contents.get('small')?.toString(), 'abc');
  assert.equal(contents.get('large')?.length, 300_000);
});

void test('a file that has content but no size is sent whole', async () => {
  const { contents } = await transfer('/proc/sys/kernel', { patterns: { include: ['ostype'] } });
  assert.equal(contents.get('ostype')?.toString(), 'Linux\n');
});

void test('what cannot be read is an error when it is needed, and none when it is excluded', async () => {
  using root = temporaryDirectory();
  chmodSync(root.path, 0o755);
  writeTree(root.path, { 'secret/a': '', file: 'x', open: '' });
  chmodSync(join(root.path, 'secret'), 0);
  chmodSync(join(root.path, 'file'), 0);
  await asNobody(async () => {
    await assert.rejects(transfer(root.path), { code: 'IO', message: /secret: permission denied/ });
    await assert.rejects(transfer(root.path, { patterns: { exclude: ['secret'] } }), {
      code: 'IO',
      message: 'open file: permission denied',
    });
    const readable = await transfer(root.path, { patterns: { exclude: ['secret', 'file'] } });
    assert.deepEqual(
      readable.stats.map(({ path }) => path),
      ['open'],
    );
    const exceptions = await transfer(root.path, { patterns: { exclude: ['secret', 'file', '!**/x'] } });
    assert.deepEqual(
      exceptions.stats.map(({ path }) => path),
      ['open'],
    );
  });
  chmodSync(join(root.path, 'secret'), 0o700);
});

/** Root may read everything: it steps down. */
async function asNobody(run: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

void test('a name that is not UTF-8 is an error that shows it, unless it is excluded', async () => {
  using root = temporaryDirectory();
  mkdirSync(join(root.path, 'dir'));
  writeFileSync(Buffer.concat([Buffer.from(`${root.path}/dir/x`), Buffer.of(0xff), Buffer.from('.tmp')]), '');
  const message = String.raw`file name is not valid UTF-8 and cannot be sent: "dir/x\xff.tmp"`;
  await assert.rejects(transfer(root.path), { code: 'INVALID_ARGUMENT', message });
  assert.deepEqual(await pathsOf(root.path, { exclude: ['**/*.tmp'] }), ['dir']);
  assert.deepEqual(await pathsOf(root.path, { exclude: ['*', '!keep'] }), []);
});

void test('a request that makes no sense ends the transfer', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { 'dir/': '', file: '' });
  for (const ids of [[0], [7], [1, 1]]) {
    const [server, client] = callPair();
    const sending = sendTree(server, {
      root: resolveRoot(root.path),
      patterns: { include: [], exclude: [], followPaths: [] },
    });
    const listed = Promise.withResolvers<void>();
    client.onMessage = (message) => {
      if (message.length === 0) listed.resolve();
    };
    await listed.promise;
    for (const id of ids) await client.send(encodePacket(REQ, id, Buffer.of()));
    await assert.rejects(sending, { code: 'PROTOCOL', message: `invalid file id ${ids[0]}` });
  }
});

void test('the sender stops when the receiver fails or leaves', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { file: '' });
  const patterns = { include: [], exclude: [], followPaths: [] };
  const [failing, failed] = callPair();
  const first = sendTree(failing, { root: resolveRoot(root.path), patterns });
  await failed.send(encodePacket(ERR, 0, Buffer.from('disk full')));
  await assert.rejects(first, { message: 'error from receiver: disk full' });
  const [leaving, left] = callPair();
  const second = sendTree(leaving, { root: resolveRoot(root.path), patterns });
  left.close();
  await assert.rejects(second, { code: 'PROTOCOL' });
});

void test('malformed patterns are told', async () => {
  using root = temporaryDirectory();
  await assert.rejects(transfer(root.path, { patterns: { exclude: ['['] } }), {
    message: 'invalid excludepatterns: [[]: syntax error in pattern',
  });
});

void test('entries that go while the tree is walked are as good as never there', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { 'a/x': '', 'b/x': '', c: '' });
  const [server, client] = callPair();
  const paths: string[] = [];
  let moved = false;
  client.onMessage = (message) => {
    const { stat } = decodePacket(message);
    if (stat !== undefined) paths.push(stat.path);
    if (!moved) {
      moved = true;
      renameSync(join(root.path, 'b'), join(root.path, 'z'));
    }
    if (message.length === 0) void client.send(encodePacket(FIN, 0, Buffer.of()));
  };
  await sendTree(server, { root: resolveRoot(root.path), patterns: { include: [], exclude: [], followPaths: [] } });
  assert.ok(paths.includes('c'));
});
