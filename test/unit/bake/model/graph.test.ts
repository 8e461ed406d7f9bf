import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bakeGraph, formatBakeGraph, resolveTargets } from '../../../../src/bake/index.ts';
import { newTarget } from '../../../../src/bake/model/target.ts';

const definition = {
  groups: [
    { name: 'default', description: '', targets: ['all'] },
    { name: 'all', description: '', targets: ['app', 'all'] },
  ],
  targets: [
    {
      ...newTarget('app'),
      inherits: ['common'],
      contexts: new Map([
        ['base"', 'target:base'],
        ['other', 'docker-image://x'],
      ]),
    },
    { ...newTarget('all'), inherits: ['common'] },
    { ...newTarget('common'), inherits: ['root'] },
    newTarget('root'),
    newTarget('base'),
    newTarget('unused'),
  ],
};

function graphOf(...names: string[]): ReturnType<typeof bakeGraph> {
  return bakeGraph(definition, resolveTargets(definition, names, new Map()));
}

test('groups, targets, and what these are made of', () => {
  const { nodes, edges } = graphOf('default');
  const names = nodes.map(({ id, built }) => `${id}${built ? '' : ' not built'}`).sort();
  assert.deepEqual(names, [
    'group:all',
    'group:default',
    'target:all',
    'target:app',
    'target:base',
    'target:common not built',
    'target:root not built',
  ]);
  assert.deepEqual(edges.map(({ kind, from, to, context = '' }) => [from, kind, to, context].join(' ').trim()).sort(), [
    'group:all member target:all',
    'group:all member target:app',
    'group:default member group:all',
    'target:all inherits target:common',
    'target:app context target:base base"',
    'target:app inherits target:common',
    'target:common inherits target:root',
  ]);
});

test('only what is asked for', () => {
  assert.deepEqual(
    graphOf('root').nodes.map(({ id }) => id),
    ['group:default', 'target:root'],
  );
});

test('as pictures', () => {
  const graph = {
    nodes: [
      { id: 'group:default', kind: 'group', name: 'default', built: true },
      { id: 'target:a', kind: 'target', name: 'a', built: true },
      { id: 'target:b', kind: 'target', name: 'b', built: true },
    ],
    edges: [
      { kind: 'member', from: 'group:default', to: 'target:a' },
      { kind: 'inherits', from: 'target:a', to: 'target:b' },
      { kind: 'context', from: 'target:a', to: 'target:b', context: 'a "b"' },
    ],
  } as const;
  const dot = ['digraph {', '  rankdir=LR;', '  node [shape=box];', '  n1 [label="default", shape=ellipse];'];
  dot.push('  n2 [label="a"];', '  n3 [label="b"];', '  n1 -> n2;');
  dot.push('  n2 -> n3 [label="inherits", style=dashed];', '  n2 -> n3 [label="a \\"b\\""];', '}', '');
  assert.equal(formatBakeGraph(graph, 'dot'), dot.join('\n'));
  const mermaid = ['flowchart LR', '  n1(["default"])', '  n2["a"]', '  n3["b"]', '  n1 --> n2'];
  mermaid.push('  n2 -.->|"inherits"| n3', '  n2 -->|"a #quot;b#quot;"| n3', '');
  assert.equal(formatBakeGraph(graph, 'mermaid'), mermaid.join('\n'));
  assert.deepEqual(JSON.parse(formatBakeGraph(graph, 'json')), graph);
});
