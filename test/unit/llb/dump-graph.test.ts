import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  currentCaps,
  customName,
  dotGraph,
  dumpDefinition,
  imageSource,
  marshal,
  mermaidGraph,
  State,
} from '../../../src/llb/index.ts';

const platform = { os: 'linux', architecture: 'amd64' };
const base = imageSource('docker.io/library/a:1', { description: { [customName]: 'FROM "a" <1>\nx' } });
const copied = State.scratch().file([{ kind: 'copy', from: base, src: '/a', dest: '/' }], {});
const ops = dumpDefinition(marshal(copied, { platform, caps: currentCaps }));

test('a picture for Graphviz', () => {
  assert.equal(
    dotGraph(ops),
    [
      'digraph {',
      '  rankdir=LR;',
      '  node [shape=box];',
      '  s1 [label="FROM \\"a\\" <1>\\nx"];',
      '  s2 [label="file"];',
      '  s3 [label="result"];',
      '  s1 -> s2;',
      '  s2 -> s3;',
      '}',
      '',
    ].join('\n'),
  );
});

test('a picture for Mermaid, the graphs of two platforms in one', () => {
  assert.equal(
    mermaidGraph([...ops, ...ops]),
    [
      'flowchart LR',
      '  s1["FROM #quot;a#quot; #lt;1#gt;<br>x"]',
      '  s2["file"]',
      '  s3["result"]',
      '  s1 --> s2',
      '  s2 --> s3',
      '',
    ].join('\n'),
  );
});
