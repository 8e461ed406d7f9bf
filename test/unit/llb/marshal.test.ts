import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CapSet,
  type Definition,
  decodeDefinition,
  dumpDefinition,
  dumpOp,
  encodeDefinition,
  type ExecOptions,
  imageSource,
  localSource,
  marshal,
  State,
  stateOf,
} from '../../../src/llb/index.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const caps = new CapSet([{ id: 'exec.meta.setsdefaultpath', enabled: true }]);
const busybox =
  'docker.io/library/busybox:latest@sha256:de68ccc327e508f44a3a150fc877a442581bb03dd53e24b418fbc425ece79d52';

const exec: Omit<ExecOptions, 'args'> = {
  mounts: [],
  secrets: [],
  ssh: [],
  devices: [],
  extraHosts: [],
  ulimits: [],
  cgroupParent: '',
  insecure: false,
};

test('a base image and a command have the digests that BuildKit gives them', () => {
  const state = imageSource(busybox, { platform: amd64 })
    .addEnv('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
    .run({ ...exec, args: ['$FOO', 'echo'] });
  assert.deepEqual(marshal(state, { platform: amd64, caps }).digests, [
    'sha256:e0c48a473db0a274bc7ec3fd9d4b53035f5833d7d4606b4b11afe44a414bf371',
    'sha256:d2c4b6c8b071d94b2672788e4f9f4fe5eff24c4ed687941817f677f3012c80ac',
    'sha256:3661527677d12a0713fd442ba9637b9ff4926614d224fc9251a4072c539d95e0',
  ]);
});

test('a copy over scratch has the digest that BuildKit gives it', () => {
  const copy = {
    kind: 'copy',
    from: State.scratch(),
    src: 'f1',
    dest: '/',
    createDestPath: true,
    followSymlinks: true,
    directoryContentsOnly: true,
    allowWildcard: true,
  } as const;
  const { digests } = marshal(State.scratch().file([copy], {}), { platform: amd64 });
  assert.equal(digests[0], 'sha256:e9428c815e72be203038ecdf89674be6112bfefb846dbb65aff0d222f15dce8e');
});

test('scratch is an empty definition', () => {
  const { ops, digests } = marshal(State.scratch(), { platform: amd64 });
  assert.deepEqual([ops, digests], [[], []]);
});

test('a copy of several sources lists its base first and then the sources from the last to the first', () => {
  const source = (name: string): State => localSource(name, { sessionId: 's', sharedKeyHint: name });
  const copy = (from: State) => ({ kind: 'copy', from, src: '/', dest: '/' }) as const;
  const state = source('base').file([copy(source('one')), copy(source('two'))], {});
  const definition = marshal(state, { platform: amd64 });
  assert.deepEqual(sourceNames(definition), ['local://base', 'local://two', 'local://one']);
});

function sourceNames(definition: Definition): string[] {
  return definition.ops.flatMap((op) => /local:\/\/\w+/.exec(JSON.stringify(dumpOp(op)))?.[0] ?? []);
}

test('ops that are the same are listed once and share what is said of them', () => {
  const named = (name: string): State => imageSource(busybox, { platform: amd64, description: { [name]: 'yes' } });
  const state = named('a').merge([named('b').addEnv('X', '1')], {});
  const definition = marshal(state, { platform: amd64 });
  assert.equal(definition.ops.length, 3);
  assert.deepEqual([...(definition.metadata.get(definition.digests[0] ?? '')?.description.keys() ?? [])].sort(), [
    'a',
    'b',
  ]);
});

test('laying something over scratch gives just that', () => {
  const image = imageSource(busybox, { platform: amd64 });
  const merged = State.scratch().merge([image], {});
  assert.deepEqual(marshal(merged, { platform: amd64 }).digests, marshal(image, { platform: amd64 }).digests);
});

test('what changed is an op over both, or all when there was nothing', () => {
  const lower = localSource('lower', { sessionId: 's', sharedKeyHint: '' });
  const upper = localSource('upper', { sessionId: 's', sharedKeyHint: '' });
  const diff = dumpDefinition(marshal(upper.changesFrom(lower, {}), { platform: amd64 }))[2]?.op;
  assert.match(JSON.stringify(diff), /"diff":\{"lower":\{\},"upper":\{"input":"1"\}\}/);
  const emptied = dumpDefinition(marshal(State.scratch().changesFrom(lower, {}), { platform: amd64 }))[1]?.op;
  assert.match(JSON.stringify(emptied), /"diff":\{"lower":\{\},"upper":\{"input":"-1"\}\}/);
  assert.equal(upper.changesFrom(State.scratch(), {}), upper);
});

test('mounts are sorted by target, secrets and sockets follow', () => {
  const grant = { optional: false, uid: 0, gid: 0, mode: 0o400 };
  const mount = (target: string) => ({ target, source: undefined, selector: '', readonly: false, noOutput: false });
  const state = imageSource(busybox, { platform: amd64 }).run({
    ...exec,
    args: ['x'],
    mounts: [
      { ...mount('/z'), tmpfsSize: 0n },
      { ...mount('/a'), cache: { id: 'c', sharing: 'locked' } },
    ],
    secrets: [{ id: 's', target: '/run/secrets/s', ...grant }],
    ssh: [{ id: '', target: '', ...grant }],
  });
  const text = JSON.stringify(dumpDefinition(marshal(state, { platform: amd64 }))[1]?.op);
  assert.deepEqual(
    [...text.matchAll(/"dest":"([^"]*)"/g)].map(([, dest]) => dest),
    ['/', '/a', '/z', '/run/secrets/s', '/run/buildkit/ssh_agent.0'],
  );
  assert.match(text, /SSH_AUTH_SOCK=\/run\/buildkit\/ssh_agent\.0/);
});

test('a daemon that sets no PATH of its own is told one', () => {
  const state = imageSource(busybox, { platform: amd64 }).run({ ...exec, args: ['x'] });
  const old = JSON.stringify(dumpDefinition(marshal(state, { platform: amd64, caps: new CapSet([]) })));
  assert.match(old, /PATH=\/usr\/local\/sbin/);
});

test('text that is not UTF-8 cannot be sent', () => {
  const state = imageSource(busybox, { platform: amd64 }).run({ ...exec, args: ['\udcff'] });
  assert.throws(() => marshal(state, { platform: amd64 }), /string field contains invalid UTF-8/);
});

test('a chain of twenty thousand ops does not exhaust the stack', () => {
  let state = State.scratch();
  for (let i = 0; i < 20_000; i++) {
    state = state.file([{ kind: 'mkdir', path: `/${i}`, mode: 0o755, makeParents: false }], {});
  }
  assert.equal(marshal(state, { platform: amd64 }).ops.length, 20_001);
});

test('a definition that went over the wire is the same, alone and as part of another', () => {
  const source = { filename: 'Dockerfile', language: 'Dockerfile', data: Buffer.from('FROM busybox\n') };
  const ranges = [{ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }];
  const state = imageSource(busybox, { platform: amd64, locations: [{ source, ranges }] }).run({
    ...exec,
    args: ['x'],
    ignoreCache: true,
    progressGroup: { id: 'g', name: 'n', weak: true },
  });
  const definition = marshal(state, { platform: amd64, caps });
  const bytes = encodeDefinition(definition);
  const decoded = decodeDefinition(bytes);
  assert.deepEqual(Buffer.from(encodeDefinition(decoded)), Buffer.from(bytes));
  assert.deepEqual(dumpDefinition(marshal(stateOf(decoded), { platform: amd64, caps })), dumpDefinition(definition));
});
