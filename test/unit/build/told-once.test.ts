import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldOnce } from '../../../src/build/told-once.ts';
import type { SolveStatus, Vertex } from '../../../src/buildkit/control/index.ts';

function vertex(digest: string, name: string, started: bigint, completed?: bigint): Vertex {
  return { digest, name, started, completed, inputs: [], cached: false };
}

test('steps that are shown here, and second look-ups of an image, are left out', () => {
  const told: SolveStatus[] = [];
  const onStatus = toldOnce((status) => told.push(status), { shows: (digest) => digest === 'own' });
  const metadata = '[internal] load metadata for docker.io/library/base:latest';
  const events = [
    vertex('own', '[internal] load build definition from Dockerfile', 1n),
    vertex('meta', metadata, 2n),
    vertex('meta', metadata, 3n),
    vertex('meta', metadata, 2n, 4n),
    vertex('meta', metadata, 3n, 5n),
    vertex('run', 'RUN x', 6n),
    vertex('run', 'RUN x', 7n),
  ];
  const transfer = { id: 't', name: 'transferring', total: 0n, current: 1n, timestamp: 1n };
  const statuses = ['own', 'run'].map((digest) => ({ ...transfer, vertex: digest }));
  for (const event of events) onStatus({ vertexes: [event], statuses, logs: [], warnings: [] });
  const shown = told.flatMap(({ vertexes }) => vertexes.map(({ digest, started }) => `${digest} ${started}`));
  assert.deepEqual(shown, ['meta 2', 'meta 2', 'run 6', 'run 7']);
  assert.deepEqual(new Set(told.flatMap((status) => status.statuses.map((one) => one.vertex))), new Set(['run']));
});

test('where the Dockerfile is read here, what the witness reads is left out, though it comes first', () => {
  const told: SolveStatus[] = [];
  const onStatus = toldOnce((status) => told.push(status), { shows: () => false }, { isReadHere: true });
  const names = [
    '[internal] load build definition from Dockerfile',
    '[internal] load .dockerignore',
    '[context docs] load .dockerignore',
    '[internal] load build context',
    '[app 1/2] COPY load .dockerignore',
  ];
  const vertexes = names.map((name, i) => vertex(`digest-${i}`, name, 1n, 2n));
  const transfer = { id: 't', name: 'transferring', total: 0n, current: 1n, timestamp: 1n };
  onStatus({ vertexes, statuses: [{ ...transfer, vertex: 'digest-0' }], logs: [], warnings: [] });
  assert.deepEqual(
    told.flatMap((status) => status.vertexes.map(({ name }) => name)),
    names.slice(3),
  );
  assert.deepEqual(
    told.flatMap((status) => status.statuses),
    [],
  );
});

test('a warning about the Dockerfile waits until its step is shown', () => {
  const told: SolveStatus[] = [];
  let isShown = false;
  const onStatus = toldOnce((status) => told.push(status), { shows: () => isShown }, { isReadHere: true });
  const nothing: SolveStatus = { vertexes: [], statuses: [], logs: [], warnings: [] };
  const warning = {
    vertex: 'own',
    level: 1,
    short: Buffer.from('odd'),
    detail: [],
    url: '',
    source: undefined,
    range: [],
  };
  onStatus({ ...nothing, vertexes: [vertex('own', '[internal] load build definition from Dockerfile', 1n)] });
  onStatus({ ...nothing, warnings: [warning] });
  assert.deepEqual(
    told.flatMap(({ warnings }) => warnings),
    [],
  );
  isShown = true;
  onStatus(nothing);
  onStatus(nothing);
  assert.deepEqual(
    told.flatMap(({ warnings }) => warnings),
    [warning],
  );
});
