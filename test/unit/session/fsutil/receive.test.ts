import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { receiveTree, sendTree } from '../../../../src/session/fsutil/index.ts';
import {
  decodePacket,
  encodePacket,
  statPacketBytes,
  writeStatPacket,
} from '../../../../src/session/fsutil/packet-codec.ts';
import type { Stat } from '../../../../src/session/fsutil/stat.ts';
import { type CallEnd, callPair } from '../../../support/call-pair.ts';
import { listTree, temporaryDirectory, writeTree } from '../../../support/trees.ts';

const DIR = 0x8000_0000;
const LINK = 0x0800_0000;
const FIFO = 0x0200_0000;
const DATA = 2;
const FIN = 3;
const ERR = 4;

async function copy(from: string, to: string, deletes = false): Promise<void> {
  const [sender, receiver] = callPair();
  await Promise.all([
    sendTree(sender, { root: from, patterns: { include: [], exclude: [], followPaths: [] } }),
    receiveTree(receiver, { dest: to, deletes }),
  ]);
}

void test('a tree arrives as it was sent', async () => {
  using root = temporaryDirectory();
  const from = join(root.path, 'from');
  const to = join(root.path, 'new/to');
  writeTree(from, {
    'a/b/c': 'content',
    'a/empty': '',
    'deep/er/est/': '',
    '😀': 'x',
    large: Buffer.alloc(1_000_000, 7),
    tool: '#!',
  });
  chmodSync(join(from, 'tool'), 0o4711);
  chmodSync(join(from, 'a/b'), 0o555);
  chmodSync(join(from, 'deep'), 0o1777);
  symlinkSync('../nowhere', join(from, 'a/link'));
  linkSync(join(from, 'a/b/c'), join(from, 'hard'));
  execFileSync('mkfifo', [join(from, 'fifo')]);
  // Times that a double holds exactly: others may be set a fraction of a microsecond off.
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' }))
    lutimesSync(join(from, name), 1.5e9, 1.5e9);
  for (const [name, time] of [
    ['large', 1_600_000_000],
    ['tool', 1],
    ['a/empty', '-315619200.5'],
    ['a', 1_000_000],
    ['deep/er', 2_000_000],
  ] as const) {
    utimesSync(join(from, name), time, time);
  }
  const wanted = listTree(from);
  for (const round of ['fresh', 'over itself']) {
    await copy(from, to);
    assert.deepEqual(withoutFraction(listTree(to)), withoutFraction(wanted), round);
    assert.equal(statSync(join(to, 'a')).mtimeMs, 1_000_000_000);
    assert.equal(statSync(join(to, 'deep/er')).mtimeMs, 2_000_000_000);
  }
  assert.equal(lstatSync(to).mode & 0o777, 0o700);
});

/** Microseconds, of which Node rounds the last. */
function withoutFraction(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ (-?\d+)\d( \d+)/, ' $1$2'));
}

void test('what is there stays, unless it has a name of the tree', async () => {
  using root = temporaryDirectory();
  const to = join(root.path, 'to');
  writeTree(join(root.path, 'from'), {
    file: 'new',
    'dir/x': 'new',
    'was-dir': 'now a file',
    'was-file/y': 'y',
    'was-link': 'z',
  });
  writeTree(to, {
    file: 'old and longer',
    'dir/other': 'kept',
    'was-dir/a/b': 'gone',
    'was-file': 'gone',
    outside: 'untouched',
  });
  symlinkSync('outside', join(to, 'was-link'));
  chmodSync(join(to, 'file'), 0o400);
  await copy(join(root.path, 'from'), to);
  assert.deepEqual(readdirSync(to).sort(), ['dir', 'file', 'outside', 'was-dir', 'was-file', 'was-link']);
  assert.equal(readFileSync(join(to, 'file'), 'utf8'), 'new');
  assert.deepEqual(readdirSync(join(to, 'dir')).sort(), ['other', 'x']);
  assert.equal(readFileSync(join(to, 'was-dir'), 'utf8'), 'now a file');
  assert.equal(readFileSync(join(to, 'was-file/y'), 'utf8'), 'y');
  assert.equal(readFileSync(join(to, 'outside'), 'utf8'), 'untouched');
  assert.ok(lstatSync(join(to, 'was-link')).isFile());
});

interface Entry extends Partial<Stat> {
  readonly path: string;
  /** What is sent when the file is asked for. */
  readonly content?: string;
}

/** A sender that keeps to the protocol, whatever its tree is. */
async function serve(call: CallEnd, entries: readonly Entry[]): Promise<string | undefined> {
  for (const entry of entries) {
    const stat: Stat = {
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      modTime: 0n,
      linkname: '',
      devMajor: 0,
      devMinor: 0,
      ...entry,
    };
    const bytes = Buffer.alloc(statPacketBytes(stat));
    await call.send(bytes.subarray(5, writeStatPacket(bytes, 0, stat)));
  }
  await call.send(Buffer.of());
  for await (const batch of call.batches()) {
    for (const message of batch) {
      const { type, id, data } = decodePacket(message);
      if (type === ERR) return Buffer.from(data).toString();
      if (type === FIN) {
        await call.send(encodePacket(FIN, 0, Buffer.of()));
        return undefined;
      }
      await call.send(encodePacket(DATA, id, Buffer.from(entries[id]?.content ?? 'evil')));
      await call.send(encodePacket(DATA, id, Buffer.of()));
    }
  }
  return undefined;
}

/** What the receiver has against a tree; undefined when it takes it. */
async function receive(dest: string, entries: readonly Entry[]): Promise<string | undefined> {
  const [receiver, sender] = callPair();
  const [result, told] = await Promise.allSettled([receiveTree(receiver, { dest }), serve(sender, entries)]);
  if (result.status === 'fulfilled') return undefined;
  assert.ok(result.reason instanceof Error);
  assert.equal(told.status === 'fulfilled' ? told.value : 'broken', result.reason.message, 'the sender is told');
  return result.reason.message;
}

const hostile: readonly (readonly [what: string, message: RegExp, entries: readonly Entry[]])[] = [
  ['a path upwards', /escape check/, [{ path: '../evil' }]],
  ['a path upwards in the middle', /unclean path/, [{ path: 'a', mode: DIR + 0o755 }, { path: 'a/../../evil' }]],
  ['an absolute path', /absolute path/, [{ path: '/tmp/evil' }]],
  [
    'a path through a symbolic link',
    /changes out of order/,
    [{ path: 'x', mode: LINK + 0o777, linkname: '..' }, { path: 'x/evil' }],
  ],
  [
    'a link and a directory of the same name',
    /changes out of order/,
    [{ path: 'x', mode: LINK + 0o777, linkname: '..' }, { path: 'x', mode: DIR + 0o755 }, { path: 'x/evil' }],
  ],
  ['a path through a file', /changes out of order/, [{ path: 'x' }, { path: 'x/evil' }]],
  ['a path without its directory', /changes out of order/, [{ path: 'x/evil' }]],
  ['a hard link upwards', /invalid link to unknown path/, [{ path: 'x', linkname: '../outside' }]],
  ['an absolute hard link', /invalid link to unknown path/, [{ path: 'x', linkname: '/etc/passwd' }]],
  ['a hard link to what was there before', /invalid link to unknown path/, [{ path: 'x', linkname: 'secret' }]],
  [
    'a hard link through a symbolic link',
    /invalid link/,
    [
      { path: 'l', mode: LINK + 0o777, linkname: '..' },
      { path: 'x', linkname: 'l/outside' },
    ],
  ],
  ['a NUL in a path', /unclean path/, [{ path: 'a\0b' }]],
  ['a type that does not exist', /unknown mode/, [{ path: 'x', mode: 0x0008_0000 }]],
];

for (const [what, message, entries] of hostile) {
  void test(`refused: ${what}`, async () => {
    using root = temporaryDirectory();
    const dest = join(root.path, 'dest');
    writeTree(root.path, { outside: 'untouched', 'dest/secret': 'untouched' });
    assert.match((await receive(dest, entries)) ?? 'taken', message);
    assert.deepEqual(readdirSync(root.path).sort(), ['dest', 'outside']);
    assert.equal(readFileSync(join(root.path, 'outside'), 'utf8'), 'untouched');
    assert.equal(statSync(join(root.path, 'outside')).nlink, 1);
    assert.equal(existsSync('/tmp/evil'), false);
  });
}

void test('links in the destination are not followed: they are replaced', async () => {
  using root = temporaryDirectory();
  const dest = join(root.path, 'dest');
  writeTree(root.path, { 'outside/file': 'untouched', 'dest/': '' });
  symlinkSync('../outside', join(dest, 'dir'));
  symlinkSync('../outside/file', join(dest, 'file'));
  symlinkSync('../outside/new', join(dest, 'new'));
  symlinkSync('../outside/fifo', join(dest, 'pipe'));
  const refused = await receive(dest, [
    { path: 'dir', mode: DIR + 0o755 },
    { path: 'dir/file', content: 'in' },
    { path: 'file', content: 'in' },
    { path: 'new', content: 'in' },
    { path: 'pipe', mode: FIFO + 0o600 },
  ]);
  assert.equal(refused, undefined);
  assert.deepEqual(readdirSync(join(root.path, 'outside')), ['file']);
  assert.equal(readFileSync(join(root.path, 'outside/file'), 'utf8'), 'untouched');
  assert.ok(lstatSync(join(dest, 'dir')).isDirectory());
  assert.equal(readFileSync(join(dest, 'dir/file'), 'utf8'), 'in');
  assert.ok(lstatSync(join(dest, 'new')).isFile());
  assert.ok(lstatSync(join(dest, 'pipe')).isFIFO());
});

void test('a directory that becomes a link while the tree comes is not written through', async () => {
  using root = temporaryDirectory();
  const dest = join(root.path, 'dest');
  writeTree(root.path, { 'outside/': '', 'dest/': '' });
  const [receiver, sender] = callPair();
  const paths = ['a', 'b'].flatMap((name): Entry[] => [
    { path: name, mode: DIR + 0o755 },
    { path: `${name}/x`, content: 'in' },
  ]);
  // When the content is asked for the directories are there; the second was not opened before.
  sender.onMessage = () => {
    if (!lstatSync(join(dest, 'b')).isDirectory()) return;
    execFileSync('mv', [join(dest, 'b'), join(dest, 'moved')]);
    symlinkSync('../outside', join(dest, 'b'));
  };
  const [result] = await Promise.allSettled([receiveTree(receiver, { dest }), serve(sender, paths)]);
  assert.match(String(result.status === 'rejected' ? result.reason : ''), /b is not a directory of the destination/);
  assert.deepEqual(readdirSync(join(root.path, 'outside')), []);
});

void test('setuid, sticky and device bits come from the tree, never more', async () => {
  using root = temporaryDirectory();
  assert.equal(
    await receive(root.path, [
      { path: 's', mode: 0x0080_0000 + 0o755 },
      { path: 't', mode: 0o640 },
    ]),
    undefined,
  );
  assert.equal(statSync(join(root.path, 's')).mode & 0o7777, 0o4755);
  assert.equal(statSync(join(root.path, 't')).mode & 0o7777, 0o640);
});

void test('content that nobody asked for is refused', async () => {
  for (const packets of [
    [encodePacket(DATA, 5, Buffer.from('x'))],
    [encodePacket(DATA, 0, Buffer.of()), encodePacket(DATA, 0, Buffer.from('again'))],
    [encodePacket(FIN, 0, Buffer.of())],
    [encodePacket(9, 0, Buffer.of())],
  ]) {
    using root = temporaryDirectory();
    const [receiver, sender] = callPair();
    const receiving = receiveTree(receiver, { dest: join(root.path, 'dest') });
    const stat: Stat = {
      path: 'f',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      modTime: 0n,
      linkname: '',
      devMajor: 0,
      devMinor: 0,
    };
    const bytes = Buffer.alloc(statPacketBytes(stat));
    await sender.send(bytes.subarray(5, writeStatPacket(bytes, 0, stat)));
    for (const packet of packets) await sender.send(packet);
    await assert.rejects(receiving, { code: 'PROTOCOL' });
  }
});

void test('a transfer that breaks leaves no half files, and no directory when nothing came', async () => {
  using root = temporaryDirectory();
  const dest = join(root.path, 'dest');
  writeTree(dest, { old: 'old content' });
  const [receiver, sender] = callPair();
  const receiving = receiveTree(receiver, { dest });
  for (const path of ['new', 'old']) {
    const stat: Stat = {
      path,
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 9,
      modTime: 0n,
      linkname: '',
      devMajor: 0,
      devMinor: 0,
    };
    const bytes = Buffer.alloc(statPacketBytes(stat));
    await sender.send(bytes.subarray(5, writeStatPacket(bytes, 0, stat)));
  }
  for (const id of [0, 1]) await sender.send(encodePacket(DATA, id, Buffer.from('half')));
  sender.close();
  await assert.rejects(receiving, { code: 'PROTOCOL', message: /the sender left/ });
  assert.deepEqual(readdirSync(dest), ['old']);
  assert.equal(readFileSync(join(dest, 'old'), 'utf8'), 'old content');

  const [nothing, gone] = callPair();
  gone.close();
  await assert.rejects(receiveTree(nothing, { dest: join(root.path, 'none') }));
  assert.equal(existsSync(join(root.path, 'none')), false);
});

void test('a destination that cannot be written is an error that names the path', async () => {
  using root = temporaryDirectory();
  writeFileSync(join(root.path, 'file'), '');
  assert.match(
    (await receive(join(root.path, 'file'), [{ path: 'x' }])) ?? '',
    /file: file already exists|not a directory/,
  );
  mkdirSync(join(root.path, 'dest'));
});

void test('what is not in the tree goes where that is asked for, and nothing through a link', async () => {
  using root = temporaryDirectory();
  const [from, to] = [join(root.path, 'from'), join(root.path, 'to')];
  writeTree(from, { 'a/b': 'new', 'a-b': 'x', dir: 'a file now', link: 'a file now', 'sub/keep': 'k' });
  symlinkSync('../outside', join(from, 'sub/out'));
  writeTree(root.path, { 'outside/precious': 'p' });
  writeTree(to, {
    'a/b': 'old',
    'a/c': 'gone',
    'dir/e/f': 'gone',
    'old/g': 'gone',
    'sub/keep': 'k',
    '.hidden': 'gone',
  });
  symlinkSync('../outside', join(to, 'link'));
  symlinkSync('../outside', join(to, 'gone'));
  symlinkSync('../../outside', join(to, 'sub/out'));
  await copy(from, to, true);
  assert.deepEqual(readdirSync(to, { recursive: true, encoding: 'utf8' }).sort(), [
    'a',
    'a-b',
    'a/b',
    'dir',
    'link',
    'sub',
    'sub/keep',
    'sub/out',
  ]);
  assert.equal(readFileSync(join(to, 'a/b'), 'utf8'), 'new');
  assert.deepEqual(readdirSync(join(root.path, 'outside')), ['precious']);
  await copy(join(root.path, 'outside'), to);
  assert.ok(existsSync(join(to, 'a-b')));
});
