// A stream to a builder on stdin and stdout: daemons are called through it, by both programs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { createControlClient } from '../../src/buildkit/control/index.ts';
import { createRpcClient } from '../../src/buildkit/rpc/index.ts';
import { freshBinary } from '../../scripts/build/fresh-binary.ts';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { dialBuilder } from '../../src/index.ts';
import { spawnDialer } from '../../src/transport/index.ts';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { lastLine } from '../support/cli.ts';
import { type Peers, type Side, startPeers } from '../support/peers.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;
const programs = new Map<Side, string>();
const { signal } = new AbortController();

before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
  programs.set('ours', await freshBinary()).set('theirs', await buildxPeer());
  const nodes = [
    { Name: 'down', Endpoint: 'tcp://127.0.0.1:1', Platforms: [{ os: 'linux', architecture: 's390x' }] },
    { Name: 'up', Endpoint: buildkitd.tcp, Platforms: [{ os: 'linux', architecture: 'riscv64' }] },
  ];
  await mkdir(join(peers.configDir, 'buildx/instances'), { recursive: true });
  await writeFile(
    join(peers.configDir, 'buildx/instances/pair'),
    JSON.stringify({ Name: 'pair', Driver: 'remote', Nodes: nodes }),
  );
});
after(async () => {
  await buildkitd?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
});

/** Says something when it has heard all, or at once. */
async function answeringServer(greeting?: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = join(peers.configDir, `${greeting ?? 'answer'}.sock`);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (greeting !== undefined) {
      socket.end(greeting);
      return;
    }
    const heard: Buffer[] = [];
    socket
      .on('data', (data) => heard.push(data))
      .on('end', () => socket.end(`answer to ${Buffer.concat(heard).toString()}`));
  });
  await once(server.listen(path), 'listening');
  return { path, [Symbol.asyncDispose]: async () => void server.close() };
}

const env = (): NodeJS.ProcessEnv => ({ ...process.env, ...peers.env });

function definedIn(values: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Platforms of the worker that is reached. */
async function platforms(side: Side, words: readonly string[]): Promise<readonly string[]> {
  const dial = spawnDialer(programs.get(side) ?? '', ['dial-stdio', ...words], { env: definedIn(env()) });
  await using rpc = createRpcClient(dial, { endpoint: side });
  const [worker] = await createControlClient(rpc).listWorkers({ signal });
  return worker?.platforms.map(({ os, architecture }) => `${os}/${architecture}`) ?? [];
}

for (const side of ['theirs', 'ours'] as const) {
  describe(side, () => {
    it('calls the BuildKit of the engine', async () => {
      assert.ok((await platforms(side, [])).includes('linux/amd64'));
    });

    it('calls the node for a platform', async () => {
      assert.ok((await platforms(side, ['--builder', 'pair', '--platform', 'linux/riscv64'])).length > 0);
    });

    it('says why it cannot', async () => {
      for (const [words, text] of [
        [['--builder', 'nobody'], 'ERROR: no builder "nobody" found'],
        [['--progress', 'nonsense'], 'ERROR: invalid progress mode nonsense'],
      ] as const) {
        const { code, stdout, stderr } = await peers.run(side, ['dial-stdio', ...words]);
        assert.deepEqual({ code, stdout, last: lastLine(stderr) }, { code: 1, stdout: '', last: text });
      }
    });
  });
}

describe('ours', () => {
  it('shows what it does when it is asked to', async () => {
    const { code, stderr } = await peers.run('ours', ['dial-stdio', '--progress', 'plain']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^#1 Proxying to builder\n#1 Dialing builder (?:[\d.]+s )?done\n#1 DONE [\d.]+s\n/);
  });

  it('tells the daemon that there is no more, and waits for its answer', async () => {
    // what BuildKit answers does not matter here: a server that speaks after it has heard all
    await using server = await answeringServer();
    const child = spawn(programs.get('ours') ?? '', ['dial-stdio', '--builder', `unix://${server.path}`], {
      env: env(),
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stdin.end('question');
    const [code] = (await once(child, 'close')) as [number];
    assert.deepEqual({ code, out }, { code: 0, out: 'answer to question' });
  });

  it('ends with the daemon, whatever stdin does', async () => {
    await using server = await answeringServer('bye');
    const child = spawn(programs.get('ours') ?? '', ['dial-stdio', '--builder', `unix://${server.path}`], {
      env: env(),
    });
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
  });

  it('is a library call', async () => {
    const stream = await dialBuilder({ builder: 'pair', platform: 'linux/riscv64', env: env() });
    stream.destroy();
    await assert.rejects(dialBuilder({ builder: 'pair', platform: 'a/b/c/d', env: env() }), {
      code: 'INVALID_ARGUMENT',
      message: /^invalid platform "a\/b\/c\/d": /,
    });
  });
});
