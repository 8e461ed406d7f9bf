// Builds without a Dockerfile through every way to a BuildKit: control API, bridge and session of a real daemon.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { dockerCli } from '../../scripts/engine/bundles.ts';
import {
  type ControlClient,
  controlSessionDialer,
  createControlClient,
  type SessionDialer,
  sessionHeaderPairs,
  type SolveStatus,
} from '../../src/buildkit/control/index.ts';
import { type Bridge, createBridge } from '../../src/buildkit/gateway/index.ts';
import { createRpcClient, RpcError, type RpcClient } from '../../src/buildkit/rpc/index.ts';
import { resolveEndpoint } from '../../src/docker/contexts/index.ts';
import { createEngineClient, type EngineClient } from '../../src/docker/engine/index.ts';
import { pb, toLong } from '../../src/proto/index.ts';
import { createSession } from '../../src/session/index.ts';
import { dialerFor, parseAddress } from '../../src/transport/index.ts';
import { startBuildkitContainer, startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { type TestEngine, useEngine } from '../support/engine.ts';

let engine: TestEngine;
let client: EngineClient;
let buildkitd: TestBuildkitd;

before(async () => {
  engine = await useEngine();
  const endpoint = await resolveEndpoint({
    flags: { host: engine.host },
    env: {},
    currentContext: undefined,
    configDir: '/none',
  });
  client = createEngineClient(endpoint);
  buildkitd = await startBuildkitd(engine);
});
after(async () => {
  await buildkitd[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

interface Node extends AsyncDisposable {
  readonly rpc: RpcClient;
  readonly dialSession: SessionDialer;
}

function engineNode(at: EngineClient = client): Node {
  const rpc = createRpcClient(at.grpcDialer, { endpoint: at.host });
  return {
    rpc,
    dialSession: (session, options) => at.openSession(sessionHeaderPairs(session), options),
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}

function directNode(address: string): Node {
  const rpc = createRpcClient(dialerFor(parseAddress(address)), { endpoint: address });
  return { rpc, dialSession: controlSessionDialer(rpc), [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose]() };
}

function containerNode(container: string): Node {
  const rpc = createRpcClient(client.execDialer(container, ['buildctl', 'dial-stdio']), {
    endpoint: `docker-container://${container}`,
  });
  return { rpc, dialSession: controlSessionDialer(rpc), [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose]() };
}

interface Build {
  readonly control: ControlClient;
  readonly bridge: Bridge;
  readonly ref: string;
  readonly session: string;
  readonly signal: AbortSignal;
}

/** Opens a session with nothing but the health check, and gives what a build needs. */
async function withBuild<T>(node: Node, use: (build: Build) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(30_000);
  const ref = randomUUID();
  await using host = createSession({ id: randomUUID(), name: 'test', sharedKey: '', attachables: [] });
  const stream = await node.dialSession(host, { signal });
  const served = host.serve(stream).catch(() => undefined);
  try {
    return await use({
      control: createControlClient(node.rpc),
      bridge: createBridge(node.rpc, { ref }),
      ref,
      session: host.id,
      signal,
    });
  } finally {
    stream.destroy();
    await served;
  }
}

/** A graph of one step that writes a file. */
function fileDefinition(text: string): Uint8Array {
  const none = toLong(-1);
  const mkfile = { path: '/hello', mode: 0o644, data: Buffer.from(text), timestamp: none };
  const platform = { OS: 'linux', Architecture: 'amd64' };
  const actions = [{ input: none, secondaryInput: none, output: toLong(0), mkfile }];
  const op = pb.Op.encode({ file: { actions }, platform }).finish();
  const digest = `sha256:${createHash('sha256').update(op).digest('hex')}`;
  const head = pb.Op.encode({ inputs: [{ digest, index: toLong(0) }] }).finish();
  const metadata = { [digest]: { caps: { 'file.base': true }, description: { 'llb.customname': 'write hello' } } };
  return pb.Definition.encode({ def: [op, head], metadata }).finish();
}

async function collect(statuses: AsyncIterable<SolveStatus>): Promise<SolveStatus[]> {
  const all: SolveStatus[] = [];
  for await (const status of statuses) all.push(status);
  return all;
}

async function buildsAnImage(node: Node, exporter: string, name: string): Promise<void> {
  await withBuild(node, async ({ control, bridge, ref, session, signal }) => {
    const text = `hello ${ref}\n`;
    const statuses = collect(control.status(ref, { signal }));
    const solved = control.solve({ ref, session, exporters: [{ type: exporter, attrs: { name } }] }, { signal });
    const info = await bridge.ping({ signal });
    assert.ok(info.llbCaps.some(({ id, enabled }) => id === 'file.base' && enabled));
    assert.equal(info.workers[0]?.platforms[0]?.os, 'linux');

    const result = await bridge.solve({ definition: fileDefinition(text) }, { signal });
    assert.ok(result.ref?.definition);
    const file = await bridge.readFile({ ref: result.ref.id, path: '/hello' }, { signal });
    assert.equal(Buffer.from(file).toString(), text);
    const part = await bridge.readFile(
      { ref: result.ref.id, path: '/hello', range: { offset: 6, length: 4 } },
      { signal },
    );
    assert.equal(Buffer.from(part).toString(), ref.slice(0, 4));
    const stat = await bridge.statFile({ ref: result.ref.id, path: '/hello' }, { signal });
    assert.deepEqual([stat.mode, stat.size], [0o644, BigInt(text.length)]);

    const config = {
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [] },
      config: { Labels: { ref } },
    };
    const metadata = new Map([['containerimage.config', Buffer.from(JSON.stringify(config))]]);
    await bridge.return({ ref: result.ref, metadata }, { signal });
    const { exporterResponse } = await solved;
    assert.match(exporterResponse['containerimage.digest'] ?? '', /^sha256:[0-9a-f]{64}$/);

    const vertexes = (await statuses).flatMap((status) => status.vertexes);
    const step = vertexes.findLast((vertex) => vertex.name === 'write hello');
    assert.ok(step?.started !== undefined && step.completed !== undefined && step.completed >= step.started);
    assert.ok(vertexes.some((vertex) => vertex.name === 'exporting to image' && vertex.completed !== undefined));
  });
}

test('the engine builds an image', async () => {
  await using node = engineNode();
  const name = `tsbuildx-test/rpc-${process.pid}:latest`;
  await buildsAnImage(node, 'moby', name);
  const inspected = await engine.docker(['image', 'inspect', '-f', '{{.Config.Labels.ref}}', name]);
  assert.match(inspected.stdout, /^[0-9a-f-]{36}\n$/);
  await engine.docker(['rmi', name]);
});

test('a BuildKit behind a unix socket and behind tcp builds, with one connection each', async () => {
  for (const address of [buildkitd.unix, buildkitd.tcp]) {
    const before = buildkitd.dials();
    await using node = directNode(address);
    await buildsAnImage(node, 'image', 'tsbuildx-test/direct:latest');
    assert.equal(buildkitd.dials() - before, 1);
  }
});

test('a BuildKit in a container builds', async () => {
  await using container = await startBuildkitContainer(engine, buildkitd.port);
  await using node = containerNode(container.name);
  await buildsAnImage(node, 'image', 'tsbuildx-test/container:latest');
});

test('an engine behind ssh builds; what ssh says is in the error, and no ssh stays behind', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-ssh-'));
  const path = process.env['PATH'] ?? '';
  try {
    // Stands for ssh and for the remote machine: runs the remote command with the engine's docker CLI.
    const remote = `export DOCKER_HOST=${engine.host} PATH=${dirname(await dockerCli())}:$PATH; eval "$command"`;
    const script = `#!/bin/sh\nfor command; do :; done\ncase "$*" in *refused*) echo 'Host key verification failed.' >&2; exit 255;; esac\n${remote}\n`;
    await writeFile(join(dir, 'ssh'), script, { mode: 0o755 });
    process.env['PATH'] = `${dir}:${path}`;
    const clientOf = async (host: string): Promise<EngineClient> =>
      createEngineClient(
        await resolveEndpoint({ flags: { host }, env: {}, currentContext: undefined, configDir: '/none' }),
      );
    const signal = AbortSignal.timeout(30_000);

    const over = await clientOf('ssh://me@builder:22');
    assert.equal((await over.version({ signal })).os, 'linux');
    await using node = engineNode(over);
    await buildsAnImage(node, 'moby', 'tsbuildx-test/ssh:latest');

    const refused = await clientOf('ssh://refused');
    await assert.rejects(refused.version({ signal }), { code: 'TRANSPORT', message: /Host key verification failed\./ });
    await assert.rejects(refused.grpcDialer({ signal }), {
      code: 'TRANSPORT',
      message: /Host key verification failed\./,
    });
  } finally {
    process.env['PATH'] = path;
    await rm(dir, { recursive: true });
    await engine.docker(['rmi', 'tsbuildx-test/ssh:latest']);
  }
  // They end when their streams do, the last ones perhaps in this moment.
  const deadline = AbortSignal.timeout(10_000);
  while (process.getActiveResourcesInfo().includes('ProcessWrap')) {
    deadline.throwIfAborted();
    await setImmediate();
  }
});

test('a container without buildctl, and one that is not there, are clear errors', async () => {
  const signal = AbortSignal.timeout(30_000);
  await using missing = containerNode('tsbuildx-test-no-such-container');
  await assert.rejects(createControlClient(missing.rpc).info({ signal }), {
    code: 'NOT_FOUND',
    message: /No such container/,
  });

  await using container = await startBuildkitContainer(engine, buildkitd.port);
  const rpc = createRpcClient(client.execDialer(container.name, ['no-such-buildctl']), {
    endpoint: 'docker-container://x',
  });
  await using disposable = rpc;
  await assert.rejects(createControlClient(disposable).info({ signal }), (error) => {
    assert.ok(error instanceof RpcError);
    assert.match(error.message, /no-such-buildctl/);
    return true;
  });
});

test('workers and version are told', async () => {
  await using node = engineNode();
  const control = createControlClient(node.rpc);
  const signal = AbortSignal.timeout(30_000);
  const [worker] = await control.listWorkers({ signal });
  assert.ok(worker?.labels['org.mobyproject.buildkit.worker.executor']);
  assert.equal(typeof (await control.info({ signal })).version, 'string');
});

test("the frontend's own error arrives at Solve with its source", async () => {
  await using node = engineNode();
  await withBuild(node, async ({ control, bridge, ref, session, signal }) => {
    const solved = control.solve({ ref, session, exporters: [] }, { signal });
    // In one header, encoded twice: more than node:http2 and most clients take.
    const info = { filename: 'Dockerfile', data: Buffer.alloc(300_000, 'FRMO x\n'), language: 'Dockerfile' };
    const ranges = [{ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }];
    const refused = assert.rejects(solved, (error) => {
      assert.ok(error instanceof RpcError);
      assert.equal(error.message, 'unknown instruction: FRMO');
      const source = error.details.find((detail) => detail.kind === 'source');
      assert.deepEqual(source, { kind: 'source', source: { ...info, ranges } });
      return true;
    });
    await bridge.returnError(
      { status: 2, message: 'unknown instruction: FRMO', sources: [{ info, ranges }] },
      { signal },
    );
    await refused;
  });
});

test('aborting cancels the build on the daemon', async () => {
  await using node = engineNode();
  await withBuild(node, async ({ control, bridge, ref, session, signal }) => {
    const cancel = new AbortController();
    const solved = control.solve({ ref, session, exporters: [] }, { signal: cancel.signal });
    const canceled = assert.rejects(solved, { code: 'CANCELED' });
    await bridge.ping({ signal });
    cancel.abort();
    await canceled;
    // The daemon gives the build up, though it was not told through the bridge: soon nobody is behind that.
    await assert.rejects(async () => {
      for (;;) await bridge.ping({ signal });
    }, RpcError);
    signal.throwIfAborted();
  });
});

test('a daemon that dies is noticed by every call at once', async () => {
  await using node = directNode(buildkitd.unix);
  await withBuild(node, async ({ control, bridge, ref, session, signal }) => {
    const solved = control.solve({ ref, session, exporters: [] }, { signal });
    const lost = { code: 'TRANSPORT', message: new RegExp(`^connection to ${buildkitd.unix} lost: `) };
    const status = assert.rejects(collect(control.status(ref, { signal })), lost);
    const solve = assert.rejects(solved, lost);
    await bridge.ping({ signal });
    buildkitd.cut();
    await solve;
    await status;
  });
});
