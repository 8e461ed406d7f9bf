import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import ssh2 from 'ssh2';
import { type AskKeyPassphrase, openSshAgents, type SshSpec } from '../../../src/build/ssh-agents.ts';
import { SshReader } from '../../../src/base/ssh-wire.ts';
import type { SshAgent } from '../../../src/session/index.ts';
import { temporaryDirectory, writeTree } from '../../support/trees.ts';

const { signal } = new AbortController();
const plain = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const locked = ssh2.utils.generateKeyPairSync('ed25519', {
  passphrase: 'open',
  cipher: 'aes256-ctr',
  rounds: 1,
}).private;
const nobody: AskKeyPassphrase = () => Promise.resolve(undefined);

interface Given {
  readonly specs: readonly SshSpec[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ask?: AskKeyPassphrase;
}

/** Opens agents in a directory with keys and a socket. */
async function withAgents<T>(
  { specs, env = {}, ask = nobody }: Given,
  use: (agents: ReadonlyMap<string, SshAgent>) => Promise<T> | T,
): Promise<T> {
  using dir = temporaryDirectory();
  writeTree(dir.path, { key: plain, other: plain, locked, text: 'hello', 'sub/file': '' });
  const server = createServer().listen(join(dir.path, 'sock'));
  try {
    return await use(await openSshAgents(specs, { env, cwd: dir.path, askPassphrase: ask }, { signal }));
  } finally {
    server.close();
  }
}

async function keysOf(agent: SshAgent | undefined): Promise<number> {
  using connection = await agent?.connect({ signal });
  const reader = new SshReader((await connection?.ask(Buffer.of(11))) ?? Buffer.of());
  reader.byte();
  return reader.uint32();
}

test('keys of files and of memory, in one agent or several', async () => {
  const specs: SshSpec[] = [
    { paths: ['key', 'other'] },
    { id: 'two', keys: [{ key: plain }, { key: Buffer.from(locked), passphrase: 'open' }] },
    { id: 'three', paths: ['key'], keys: [{ key: plain }] },
  ];
  await withAgents({ specs }, async (agents) => {
    assert.deepEqual([...agents.keys()], ['default', 'two', 'three']);
    assert.equal(await keysOf(agents.get('default')), 2);
    assert.equal(await keysOf(agents.get('two')), 2);
    assert.equal(await keysOf(agents.get('three')), 2);
  });
});

test('a socket is not dialled before a step asks', async () => {
  for (const spec of [{ paths: ['sock'] }, { id: 'a' }, { paths: [''] }]) {
    await withAgents({ specs: [spec], env: { SSH_AUTH_SOCK: 'sock' } }, (agents) => assert.equal(agents.size, 1));
  }
});

test('the passphrase is asked for with the path as it was given', async () => {
  const asked: unknown[] = [];
  const ask: AskKeyPassphrase = (path, { attempt }) => {
    asked.push([path, attempt]);
    return Promise.resolve(attempt === 2 ? 'open' : 'wrong');
  };
  await withAgents({ specs: [{ paths: ['locked'] }], ask }, async (agents) => {
    assert.equal(await keysOf(agents.get('default')), 1);
  });
  assert.deepEqual(asked, [
    ['locked', 1],
    ['locked', 2],
  ]);
});

const forDefault = 'failed to convert agent config for ID: "default": ';
const refused: readonly [specs: readonly SshSpec[], message: string][] = [
  [
    [{}],
    'failed to convert agent config {default [] false}: invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set',
  ],
  [[{ id: 'a' }, { id: 'a' }], 'duplicate agent ID "a"'],
  [[{ paths: ['key'] }, { id: 'default', paths: ['key'] }], 'duplicate agent ID "default"'],
  [
    [{ paths: ['none'] }],
    `failed to convert agent config {default [none] false}: ${forDefault}stat none: no such file or directory`,
  ],
  [
    [{ paths: ['text'] }],
    `failed to convert agent config {default [text] false}: ${forDefault}failed to parse text: ssh: no key found`,
  ],
  [
    [{ paths: ['sub'] }],
    `failed to convert agent config {default [sub] false}: ${forDefault}failed to read sub: read sub: is a directory`,
  ],
  [
    [{ paths: ['key', ''] }],
    `failed to convert agent config {default [key ] false}: ${forDefault}stat : no such file or directory`,
  ],
  [
    [{ paths: ['key', 'sock'] }],
    `failed to convert agent config {default [key sock] false}: ${forDefault}invalid combination of keys and sockets`,
  ],
  [
    [{ paths: ['sock', 'key'] }],
    `failed to convert agent config {default [sock key] false}: ${forDefault}only single socket allowed`,
  ],
  [
    [{ paths: ['locked'] }],
    `failed to convert agent config {default [locked] false}: ${forDefault}failed to parse locked: ssh: this private key is passphrase protected`,
  ],
  [
    [{ keys: [{ key: locked, passphrase: 'wrong' }] }],
    `failed to convert agent config {default [] false}: ${forDefault}ssh: this private key is passphrase protected`,
  ],
];

for (const [specs, message] of refused) {
  test(message, async () => {
    const env: Readonly<Record<string, string>> = message.startsWith('duplicate') ? { SSH_AUTH_SOCK: 'sock' } : {};
    await assert.rejects(
      withAgents({ specs, env }, () => undefined),
      { message },
    );
  });
}
