import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { placesOf } from '../../../../src/base/sourced-error.ts';
import {
  type Gateway,
  type GatewaySolveRequest,
  type GatewayWarning,
  type LocalFiles,
  runFrontend,
} from '../../../../src/dockerfile/frontend/index.ts';
import { CapSet, dumpDefinition } from '../../../../src/llb/index.ts';

const { signal } = new AbortController();
const allCaps = new CapSet(['file.base', 'exec.meta.cdi'].map((id) => ({ id, enabled: true })));

interface Daemon {
  readonly gateway: Gateway;
  readonly solved: GatewaySolveRequest[];
  readonly warnings: GatewayWarning[];
}

function daemon(opts: Record<string, string>, files: Readonly<Record<string, string | Uint8Array>> = {}): Daemon {
  const solved: GatewaySolveRequest[] = [];
  const warnings: GatewayWarning[] = [];
  const gateway: Gateway = {
    buildOpts: {
      opts,
      sessionId: 'session',
      workers: [{ platforms: [{ os: 'linux', architecture: 'amd64' }] }],
      llbCaps: allCaps,
      caps: new CapSet([]),
    },
    resolveSourceMeta: async ({ source, platform }) => {
      const config = {
        os: platform?.os,
        architecture: platform?.architecture,
        rootfs: { type: 'layers', diff_ids: ['sha256:1'] },
      };
      return { source, image: { digest: `sha256:${'a'.repeat(64)}`, config: Buffer.from(JSON.stringify(config)) } };
    },
    solve: async (request) => {
      solved.push(request);
      return { ref: { id: `ref${solved.length}` }, metadata: new Map([['from', Buffer.from('daemon')]]) };
    },
    readFile: async (_, { path }) => {
      const file = files[path];
      if (file === undefined) throw new Error(`open ${path}: no such file or directory`);
      return Buffer.from(file);
    },
    inputs: async () => new Map(),
    warn: async (warning) => {
      warnings.push(warning);
    },
  };
  return { gateway, solved, warnings };
}

function local(files: Readonly<Record<string, string>>): LocalFiles {
  return {
    has: () => true,
    read: async (name, path) => {
      const file = files[`${name}/${path}`];
      return file === undefined ? undefined : Buffer.from(file);
    },
  };
}

const nothingLocal: LocalFiles = { has: () => false, read: async () => undefined };

function text(metadata: ReadonlyMap<string, Uint8Array>, key: string): string | undefined {
  const value = metadata.get(key);
  return value && Buffer.from(value).toString();
}

test('a local build asks the daemon for one thing: to solve the whole', async () => {
  const { gateway, solved } = daemon({});
  const result = await runFrontend(
    { gateway, locals: local({ 'dockerfile/Dockerfile': 'FROM busybox\nCOPY a /\n' }) },
    { signal },
  );
  assert.equal(solved.length, 1);
  assert.deepEqual(result.ref, { id: 'ref1' });
  assert.deepEqual([...result.metadata.keys()].sort(), [
    'containerimage.base.config',
    'containerimage.config',
    'refs.platforms',
  ]);
  assert.equal(
    text(result.metadata, 'refs.platforms'),
    '{"Platforms":[{"ID":"linux/amd64","Platform":{"architecture":"amd64","os":"linux"}}]}',
  );
});

test('of several platforms each has its own ref and config', async () => {
  const { gateway } = daemon({ platform: 'linux/arm64,linux/arm/v6' });
  const result = await runFrontend(
    { gateway, locals: local({ 'dockerfile/Dockerfile': 'FROM busybox\n' }) },
    { signal },
  );
  assert.deepEqual([...(result.refs?.keys() ?? [])], ['linux/arm64', 'linux/arm/v6']);
  assert.match(
    text(result.metadata, 'containerimage.config/linux/arm/v6') ?? '',
    /"architecture":"arm","os":"linux","variant":"v6"/,
  );
});

test('a Dockerfile in lower case is found, one that is not there is named', async () => {
  const { gateway } = daemon({});
  await runFrontend({ gateway, locals: local({ 'dockerfile/dockerfile': 'FROM scratch\n' }) }, { signal });
  await assert.rejects(
    runFrontend({ gateway: daemon({ filename: 'a/Other' }).gateway, locals: local({}) }, { signal }),
    /^TsbuildxError: failed to read dockerfile: open a\/Other: no such file or directory$/,
  );
});

test('the ignore file beside the Dockerfile stands for that of the context', async () => {
  const excluded = async (files: Record<string, string>): Promise<string> => {
    const { gateway, solved } = daemon({});
    await runFrontend(
      { gateway, locals: local({ 'dockerfile/Dockerfile': 'FROM scratch\nCOPY . /\n', ...files }) },
      { signal },
    );
    const [request] = solved;
    assert.ok(request !== undefined && 'definition' in request);
    return JSON.stringify(dumpDefinition(request.definition)[0]?.op);
  };
  assert.match(await excluded({ 'context/.dockerignore': 'own' }), /excludepatterns":"\[\\"own\\"\]/);
  const both = { 'context/.dockerignore': 'own', 'dockerfile/Dockerfile.dockerignore': 'beside' };
  assert.match(await excluded(both), /excludepatterns":"\[\\"beside\\"\]/);
});

test('a context that is not here is read through the daemon', async () => {
  const { gateway, solved } = daemon({}, { Dockerfile: 'FROM scratch\nCOPY . /\n', '.dockerignore': 'x' });
  await runFrontend({ gateway, locals: nothingLocal }, { signal });
  assert.equal(solved.length, 3);
});

test('a git context holds its Dockerfile and needs no ignore file', async () => {
  const { gateway, solved } = daemon(
    { context: 'https://example.com/x.git#main' },
    { Dockerfile: 'FROM scratch\nCOPY . /\n' },
  );
  await runFrontend({ gateway, locals: local({}) }, { signal });
  assert.equal(solved.length, 2);
});

test('a web context is unpacked when it is an archive, else it is the Dockerfile', async () => {
  const unpacks = async (file: string | Uint8Array): Promise<boolean> => {
    const { gateway, solved } = daemon(
      { context: 'https://example.com/x' },
      { context: file, Dockerfile: 'FROM scratch\nCOPY . /\n' },
    );
    await runFrontend({ gateway, locals: local({}) }, { signal });
    const last = solved.at(-1);
    assert.ok(last !== undefined && 'definition' in last);
    return JSON.stringify(dumpDefinition(last.definition)).includes('attemptUnpackDockerCompatibility');
  };
  assert.equal(await unpacks(gzipSync('tar')), true);
  assert.equal(await unpacks('FROM scratch\nCOPY x /\n'), false);
});

test('another frontend is left to the daemon, the official one is not', async () => {
  const run = async (line: string): Promise<GatewaySolveRequest | undefined> => {
    const { gateway, solved } = daemon({});
    await runFrontend({ gateway, locals: local({ 'dockerfile/Dockerfile': `${line}\nFROM scratch\n` }) }, { signal });
    return solved[0];
  };
  const other = await run('# syntax=example.com/nix:1 --flag');
  assert.ok(other !== undefined && 'frontend' in other);
  assert.equal(other.frontend, 'gateway.v0');
  assert.deepEqual(other.frontendOpts, { source: 'example.com/nix:1', cmdline: 'example.com/nix:1 --flag' });
  for (const image of [
    'docker/dockerfile:1',
    'docker.io/docker/dockerfile',
    'docker/dockerfile:1.4',
    'docker/dockerfile-upstream:master',
  ]) {
    assert.ok('definition' in ((await run(`# syntax=${image}`)) ?? {}), image);
  }
});

test('a frontend that the build is left to is told what build arguments stand for', async () => {
  const opts = {
    'build-arg:BUILDKIT_SYNTAX': 'example.com/nix',
    'build-arg:BUILDKIT_MULTI_PLATFORM': '1',
    'build-arg:BUILDKIT_SANDBOX_HOSTNAME': 'h',
  };
  const { gateway, solved } = daemon(opts);
  await runFrontend({ gateway, locals: local({ 'dockerfile/Dockerfile': 'FROM scratch\n' }) }, { signal });
  const [request] = solved;
  assert.ok(request !== undefined && 'frontendOpts' in request);
  assert.equal(request.frontendOpts['multi-platform'], '1');
  assert.equal(request.frontendOpts['hostname'], 'h');
});

test('only the labs channel gives a RUN devices of its own', async () => {
  const run = async (head: string, opts: Record<string, string> = {}): Promise<string> => {
    const { gateway, solved } = daemon(opts);
    const dockerfile = `${head}FROM busybox\nRUN --device=vendor.com/class=a,required --device=b x\n`;
    await runFrontend({ gateway, locals: local({ 'dockerfile/Dockerfile': dockerfile }) }, { signal });
    const last = solved.at(-1);
    return last !== undefined && 'definition' in last ? JSON.stringify(dumpDefinition(last.definition)) : '';
  };
  const refused = /device feature is only supported in Dockerfile frontend 1\.14\.0-labs or later/;
  await assert.rejects(run(''), refused);
  await assert.rejects(run('# syntax=docker/dockerfile:1\n'), refused);
  const devices = /"cdiDevices":\[\{"name":"vendor\.com\/class=a"\},\{"name":"b","optional":true\}\]/;
  for (const image of [
    'docker/dockerfile:labs',
    'docker/dockerfile:1.14-labs',
    'docker/dockerfile-upstream:master-labs',
  ]) {
    assert.match(await run(`# syntax=${image}\n`), devices, image);
  }
  assert.match(await run('', { 'build-arg:BUILDKIT_SYNTAX': 'docker/dockerfile:1-labs' }), devices);
  assert.match(await run('', { cmdline: 'localhost:5000/ours:labs' }), devices);
});

test('the definition is given as JSON to who asks for it, and nothing is built', async () => {
  const { gateway, solved } = daemon({ requestid: 'frontend.convertllb' });
  const locals = local({ 'dockerfile/Dockerfile': 'FROM busybox\nRUN x\n' });
  const { metadata } = await runFrontend({ gateway, locals }, { signal });
  assert.deepEqual(solved, []);
  assert.equal(text(metadata, 'version'), '0.1.0');
  const json = text(metadata, 'result.json') ?? '';
  // the order of the message's declaration, not that of the wire
  assert.match(json, /"inputs": \[[^\]]*\],\s*"exec": \{[^]*\},\s*"platform": \{[^}]*\},\s*"constraints": \{\}/);
  assert.match(json, /"metadata": \{[^]*"llb\.customname": "\[2\/2\] RUN x"/);
});

test('an error says where in the Dockerfile it is', async () => {
  const { gateway } = daemon({});
  const error: unknown = await runFrontend(
    { gateway, locals: local({ 'dockerfile/Dockerfile': 'FROM scratch\nSTOPSIGNAL nope\n' }) },
    { signal },
  ).catch((e: unknown) => e);
  assert.match(String(error), /invalid signal: nope/);
  const [place] = placesOf(error);
  assert.equal(place?.filename, 'Dockerfile');
  assert.deepEqual(place?.ranges, [{ start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }]);
});

test('warnings go to the daemon once, and cannot fail the build', async () => {
  const { gateway, warnings } = daemon({ platform: 'linux/amd64,linux/arm64' });
  const dockerfile = 'FROM scratch\nCMD x\n';
  await runFrontend({ gateway, locals: local({ 'dockerfile/Dockerfile': dockerfile }) }, { signal });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]?.short ?? '', /^JSONArgsRecommended: .* \(line 2\)$/);
  assert.match(warnings[0]?.digest ?? '', /^sha256:/);
  const failing = { ...gateway, warn: () => Promise.reject(new Error('no')) };
  await runFrontend({ gateway: failing, locals: local({ 'dockerfile/Dockerfile': dockerfile }) }, { signal });
});

test('a question about the Dockerfile is never answered with a build', async () => {
  const { gateway, solved } = daemon({ requestid: 'frontend.unheard' });
  const locals = local({ 'dockerfile/Dockerfile': 'FROM scratch\n' });
  await assert.rejects(runFrontend({ gateway, locals }, { signal }), /unsupported request frontend\.unheard/);
  assert.equal(solved.length, 0);
});

test('a capability that we have not is refused, unless another frontend may have it', async () => {
  const locals = local({ 'dockerfile/Dockerfile': '# syntax=example.com/x\nFROM scratch\n' });
  await assert.rejects(
    runFrontend({ gateway: daemon({ 'frontend.caps': 'new.thing' }).gateway, locals }, { signal }),
    /unsupported frontend capability new\.thing/,
  );
  await runFrontend({ gateway: daemon({ 'frontend.caps': 'new.thing+forward' }).gateway, locals }, { signal });
});

test('what only another platform than the first is warned of fails no build', async () => {
  const run = (platform: string): Promise<unknown> => {
    const { gateway } = daemon({ platform, 'build-arg:BUILDKIT_DOCKERFILE_CHECK': 'error=true' });
    const amd64 = { os: 'linux', architecture: 'amd64', rootfs: { diff_ids: ['sha256:1'] } };
    const image = { digest: `sha256:${'a'.repeat(64)}`, config: Buffer.from(JSON.stringify(amd64)) };
    const resolveSourceMeta: Gateway['resolveSourceMeta'] = async ({ source }) => ({ source, image });
    const locals = local({ 'dockerfile/Dockerfile': 'FROM busybox\n' });
    return runFrontend({ gateway: { ...gateway, resolveSourceMeta }, locals }, { signal });
  };
  await run('linux/amd64,linux/arm64');
  await assert.rejects(run('linux/arm64,linux/amd64'), /lint violation found for rules: InvalidBaseImagePlatform/);
});
