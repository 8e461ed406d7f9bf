import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIST_WORKERS, SOLVE } from '../../../../src/buildkit/control/control-codec.ts';
import { moby, pb, toLong } from '../../../../src/proto/index.ts';

const { v1 } = moby.buildkit;

test('a solve request carries its definitions as they were encoded', () => {
  const definition = pb.Definition.encode({
    def: [Buffer.from('op')],
    metadata: { d: { ignore_cache: true } },
  }).finish();
  const decoded = v1.SolveRequest.decode(
    SOLVE.encode({
      ref: 'r',
      session: 's',
      definition,
      frontend: 'gateway.v0',
      frontendAttrs: { target: 't' },
      frontendInputs: new Map([['context', definition]]),
      exporters: [
        { type: 'local', attrs: { a: 'b' } },
        { type: 'tar', attrs: {} },
      ],
      cacheImports: [{ type: 'registry', attrs: { ref: 'x' } }],
      entitlements: ['network.host'],
      internal: true,
    }),
  );
  assert.equal(decoded.Ref, 'r');
  assert.equal(decoded.Session, 's');
  assert.deepEqual({ ...decoded.FrontendAttrs }, { target: 't' });
  for (const found of [decoded.Definition, decoded.FrontendInputs['context']]) {
    assert.deepEqual(Buffer.from(pb.Definition.encode(found ?? {}).finish()), Buffer.from(definition));
  }
  assert.deepEqual(
    decoded.Exporters.map(({ Type }) => Type),
    ['local', 'tar'],
  );
  assert.equal(decoded.ExporterDeprecated, '');
  assert.equal(decoded.Cache?.Imports?.[0]?.Type, 'registry');
  assert.deepEqual(decoded.Entitlements, ['network.host']);
  assert.equal(decoded.Internal, true);
});

test('a single exporter is also told to daemons that know one only', () => {
  const decoded = v1.SolveRequest.decode(
    SOLVE.encode({ ref: 'r', session: 's', exporters: [{ type: 'image', attrs: { name: 'x' } }] }),
  );
  assert.equal(decoded.ExporterDeprecated, 'image');
  assert.deepEqual({ ...decoded.ExporterAttrsDeprecated }, { name: 'x' });
});

test('workers have platforms, labels and garbage collection rules', () => {
  const bytes = v1.ListWorkersResponse.encode({
    record: [
      {
        ID: 'w',
        Labels: { a: 'b' },
        platforms: [{ OS: 'linux', Architecture: 'arm', Variant: 'v7' }],
        GCPolicy: [{ all: true, keepDuration: toLong(2n ** 60n), filters: ['f'], maxUsedSpace: toLong(5) }],
        BuildkitVersion: { version: 'v0.25.0' },
      },
    ],
  }).finish();
  assert.deepEqual(LIST_WORKERS.decode(bytes), [
    {
      id: 'w',
      labels: { a: 'b' },
      platforms: [{ os: 'linux', architecture: 'arm', variant: 'v7', osVersion: undefined, osFeatures: undefined }],
      gcPolicy: [
        { all: true, keepDuration: 2n ** 60n, filters: ['f'], reservedSpace: 0n, maxUsedSpace: 5n, minFreeSpace: 0n },
      ],
      version: { package: '', version: 'v0.25.0', revision: '', dockerfileVersion: '' },
      devices: [],
    },
  ]);
});
