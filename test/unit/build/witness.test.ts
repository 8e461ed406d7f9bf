import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertWitnessed, knownFrontend, showsProvenance } from '../../../src/build/witness.ts';
import type { Bridge, BridgeResult, BridgeSolveRequest } from '../../../src/buildkit/gateway/index.ts';
import type { Gateway } from '../../../src/dockerfile/frontend/index.ts';
import { CapSet, encodeDefinition } from '../../../src/llb/index.ts';

const { signal } = new AbortController();

interface World {
  readonly result: BridgeResult;
  /** What the daemon's frontend was asked. */
  readonly asked: readonly BridgeSolveRequest[];
  readonly evaluated: readonly string[];
  readonly warned: readonly string[];
}

/** Converts with a daemon whose own frontend comes to what `witness` makes of our definition. */
async function convert(
  dockerfile: string,
  witness: (ours: Uint8Array) => BridgeResult,
  opts: Readonly<Record<string, string>> = {},
): Promise<World> {
  const asked: BridgeSolveRequest[] = [];
  const [evaluated, warned]: [string[], string[]] = [[], []];
  const definition = Promise.withResolvers<Uint8Array>();
  const bridge: Pick<Bridge, 'solve' | 'evaluate'> = {
    solve: async (request) => {
      asked.push(request);
      return witness(await definition.promise);
    },
    evaluate: async (ref) => void evaluated.push(ref),
  };
  const llbCaps = new CapSet(
    ['file.base', 'source.local', 'exec.validexitcode'].map((id) => ({ id, enabled: true, reason: '' })),
  );
  const gateway: Gateway = {
    buildOpts: { opts, sessionId: 's', workers: [], llbCaps, caps: llbCaps },
    resolveSourceMeta: () => assert.fail('no image is looked up'),
    solve: async (request) => {
      assert.ok('definition' in request);
      const bytes = encodeDefinition(request.definition);
      definition.resolve(bytes);
      return { ref: { id: 'ours', definition: bytes }, metadata: new Map() };
    },
    readFile: () => assert.fail('files are read here'),
    inputs: async () => new Map(),
    warn: async ({ short }) => void warned.push(short),
  };
  const locals = { has: () => true, read: async (_: string, path: string) => fileOf(path, dockerfile) };
  const result = await convertWitnessed({ bridge: bridge as Bridge, gateway, locals, inputs: new Map() }, { signal });
  return { result, asked, evaluated, warned };
}

function fileOf(path: string, dockerfile: string): Uint8Array | undefined {
  return path === 'Dockerfile' ? Buffer.from(dockerfile) : undefined;
}

const same = (definition: Uint8Array): BridgeResult => ({
  ref: { id: 'theirs', definition },
  attestations: new Map([['linux/amd64', []]]),
  metadata: new Map([['containerimage.config', Buffer.from('theirs')]]),
});

test('of the same graph the result is that of the daemon, with our image config', async () => {
  const { result, asked, evaluated, warned } = await convert('from scratch\nCOPY . /\n', same, { target: '' });
  assert.equal(result.ref?.id, 'theirs');
  assert.ok(result.attestations?.has('linux/amd64'));
  assert.match(Buffer.from(result.metadata.get('containerimage.config') ?? []).toString(), /"rootfs"/);
  assert.deepEqual(asked, [{ frontend: 'dockerfile.v0', frontendOpts: { target: '' }, frontendInputs: new Map() }]);
  assert.deepEqual(evaluated, ['ours'], 'the build begins before the witness has come');
  assert.deepEqual(warned, [], 'the daemon tells them');
});

test('an official frontend is not fetched by the witness either', async () => {
  const { asked } = await convert('# syntax=docker/dockerfile:1 -x\nFROM scratch\nCOPY . /\n', same);
  assert.deepEqual(asked[0]?.frontendOpts, { cmdline: 'docker/dockerfile:1 -x', source: 'docker/dockerfile:1' });
});

test('of another graph, or none, the result is ours', async () => {
  const other = encodeDefinition({ ops: [Buffer.from('x')], digests: [], metadata: new Map() });
  for (const witness of [() => same(other), () => same(new Uint8Array()), () => ({ metadata: new Map() })]) {
    const { result } = await convert('FROM scratch\nCOPY . /\n', witness);
    assert.equal(result.ref?.id, 'ours');
  }
});

test('a witness that does not come is no failure, and the warnings are told here', async () => {
  const fail = (): never => {
    throw new Error('unknown instruction');
  };
  const { result, warned } = await convert('from scratch\nCOPY . /\nMAINTAINER me\n', fail);
  assert.equal(result.ref?.id, 'ours');
  assert.deepEqual(
    warned.map((text) => text.split(':')[0]),
    ['MaintainerDeprecated', 'ConsistentInstructionCasing'],
  );
});

test('without cache nothing begins before the witness has come: it would empty the cache mounts', async () => {
  const { evaluated } = await convert('FROM scratch\nCOPY . /\n', same, { 'no-cache': '' });
  assert.deepEqual(evaluated, []);
});

const min = { 'attest:provenance': 'mode=min,inline-only=true' };
const max = { 'attest:provenance': 'type=provenance,mode=max' };
const shows: readonly [types: string, attributes: Readonly<Record<string, string>>, expected: boolean][] = [
  ['moby', min, true],
  ['image', min, true],
  ['moby', {}, false],
  ['', max, false],
  ['local', min, false],
  ['local', max, true],
  ['tar', min, false],
  ['oci', min, false],
  ['oci', max, true],
  ['oci', { ...min, platform: 'linux/amd64,linux/arm64' }, true],
  ['oci', { ...min, platform: 'linux/amd64' }, false],
  ['oci', { ...min, 'multi-platform': 'true' }, true],
  ['oci', { ...min, 'attest:sbom': '' }, true],
  ['oci+attestation-inline', min, true],
  ['local oci moby', min, true],
];

for (const [types, attributes, expected] of shows) {
  test(`the provenance of ${types || 'no output'} with ${JSON.stringify(attributes)} is seen: ${expected}`, () => {
    const exporters = types
      .split(' ')
      .filter(Boolean)
      .map((text) => {
        const [type = '', attr] = text.split('+');
        return { type, attrs: attr === undefined ? {} : { [attr]: 'true' } };
      });
    assert.equal(showsProvenance({}, exporters, attributes), expected);
    assert.ok(showsProvenance({ metadataProvenance: 'min' }, exporters, attributes));
  });
}

const provenance = { 'attest:provenance': 'mode=min' };

for (const [what, dockerfile, attributes, isKnown] of [
  ['a Dockerfile at hand', 'FROM scratch\n', provenance, true],
  ['an official frontend', '# syntax=docker/dockerfile:1\nFROM scratch\n', provenance, true],
  ['another frontend', '# syntax=example/frontend\nFROM scratch\n', provenance, false],
  ['no file at hand', undefined, provenance, false],
  [
    'a context that the daemon fetches',
    'FROM scratch\n',
    { ...provenance, context: 'https://example.com/a.git' },
    false,
  ],
  ['a daemon that may know no provenance', 'FROM scratch\n', {}, false],
  ['a call', 'FROM scratch\n', { ...provenance, requestid: 'frontend.outline' }, false],
] as const) {
  test(`with ${what} we are ${isKnown ? '' : 'not '}known to be the frontend`, () => {
    assert.equal(knownFrontend(attributes, dockerfile && Buffer.from(dockerfile)) !== undefined, isKnown);
  });
}
