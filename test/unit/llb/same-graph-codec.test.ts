import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { encodeDefinition, isSameGraph, marshal, State } from '../../../src/llb/index.ts';
import { pb } from '../../../src/proto/index.ts';

const platform = { os: 'linux', architecture: 'amd64' };

function definitionOf(text: string): Uint8Array {
  const first = State.scratch().file([{ kind: 'mkfile', path: '/a', mode: 0o644, data: Buffer.from('a') }], {});
  const second = first.file([{ kind: 'mkfile', path: '/b', mode: 0o644, data: Buffer.from(text) }], {});
  return encodeDefinition(marshal(second, { platform }));
}

/** The same graph with constraints and platform first, as another marshaller has them. */
function reordered(definition: Uint8Array): Uint8Array {
  const renamed = new Map<string, string>();
  const digest = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const def = pb.Definition.decode(definition).def.map((bytes) => {
    const { platform: asked, constraints, ...rest } = pb.Op.decode(bytes);
    const inputs = rest.inputs.map((input) => ({ ...input, digest: renamed.get(input.digest ?? '') ?? '' }));
    const head = pb.Op.encode({ platform: asked ?? null, constraints: constraints ?? null }).finish();
    const other = Buffer.concat([head, pb.Op.encode({ ...rest, inputs }).finish()]);
    renamed.set(digest(bytes), digest(other));
    return other;
  });
  return pb.Definition.encode({ def }).finish();
}

test('a graph is the same however its ops are encoded', () => {
  const definition = definitionOf('b');
  const other = reordered(definition);
  assert.notDeepEqual(pb.Definition.decode(other).def.at(-1), pb.Definition.decode(definition).def.at(-1));
  assert.ok(isSameGraph(definition, definition));
  assert.ok(isSameGraph(definition, other));
  assert.ok(isSameGraph(other, definition));
});

test('another graph, or none, is not the same', () => {
  assert.ok(!isSameGraph(definitionOf('b'), definitionOf('c')));
  assert.ok(!isSameGraph(definitionOf('b'), reordered(definitionOf('c'))));
  assert.ok(!isSameGraph(definitionOf('b'), new Uint8Array()));
  assert.ok(!isSameGraph(new Uint8Array(), new Uint8Array()));
  assert.ok(!isSameGraph(definitionOf('b'), pb.Definition.encode({ def: [Buffer.from('no op')] }).finish()));
});
