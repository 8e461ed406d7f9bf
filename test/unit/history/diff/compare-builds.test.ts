import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinGraphs, readGraph } from '../../../../src/history/diff/build-graph.ts';
import { type BuildDiff, compareBuilds } from '../../../../src/history/diff/compare-builds.ts';
import { pairSteps } from '../../../../src/history/diff/pair-steps.ts';
import type { BuiltStep, RecordedBuild } from '../../../../src/history/diff/recorded-build.ts';
import { historyRecord } from '../../../support/history-record.ts';

/** One step, in the order of the Dockerfile; each needs the one before. */
interface Step {
  readonly name: string;
  readonly run?: object;
  readonly state?: BuiltStep['state'];
  /** Stands for the layer it made; none when it is not known. */
  readonly layer?: string;
  /** Takes files from here. */
  readonly copies?: boolean;
}

interface Build {
  readonly steps: readonly Step[];
  readonly attributes?: Readonly<Record<string, string>>;
  /** Default: completed, with its graph. */
  readonly failed?: boolean;
  readonly salt?: string;
  readonly materials?: readonly object[];
}

/** Digests of steps that take files are other ones in each build, as those of real ones are. */
function recorded({ steps, attributes = {}, failed = false, salt = '', materials = [] }: Build): RecordedBuild {
  const context = { digest: `context-${salt}`, name: '[internal] load build context' };
  const firstCopy = steps.findIndex(({ copies }) => copies);
  const digest = (at: number): string =>
    `${steps[at]?.name}-${firstCopy !== -1 && at >= firstCopy ? salt : ''}-${JSON.stringify(steps.slice(0, at + 1).map(({ run }) => run))}`;
  const predicate = {
    materials,
    buildConfig: {
      llbDefinition: [
        { id: 'step0', op: { Op: { source: { identifier: 'local://context' } } } },
        ...steps.map(({ run, name, copies }, at) => ({
          id: `step${at + 1}`,
          op: { Op: { exec: run ?? { text: name.replace(/^\[.*?\] /, '') } } },
          inputs: [...(at === 0 ? [] : [`step${at}:0`]), ...(copies ? ['step0:0'] : [])],
        })),
      ],
      digestMapping: Object.fromEntries([
        [context.digest, 'step0'],
        ...steps.map((_, at) => [digest(at), `step${at + 1}`] as const),
      ]),
    },
    metadata: {
      'https://mobyproject.org/buildkit@v1#metadata': {
        layers: Object.fromEntries(
          steps.flatMap(({ layer }, at) =>
            layer === undefined ? [] : [[`step${at + 1}:0`, [[{ digest: layer, size: 1 }]]] as const],
          ),
        ),
      },
    },
  };
  const graph = failed ? joinGraphs([]) : readGraph(predicate);
  const common = { duration: 1, isInternal: false, localSource: undefined };
  return {
    ref: `b/n/${salt}`,
    name: 'x',
    startedAt: '',
    status: failed ? 'failed' : 'completed',
    error: '',
    duration: 1,
    record: historyRecord({}),
    context: '/x',
    attributes,
    graph,
    results: new Map(),
    steps: [
      {
        ...common,
        ...context,
        state: 'ran',
        isInternal: true,
        inputs: [],
        began: 0,
        localSource: 'local://context',
        graph: graph.steps.get(context.digest),
      },
      ...steps.map(
        ({ name, state = 'cached', copies }, at): BuiltStep => ({
          ...common,
          digest: digest(at),
          name,
          state,
          inputs: [...(at === 0 ? [] : [digest(at - 1)]), ...(copies ? [context.digest] : [])],
          began: at + 1,
          graph: graph.steps.get(digest(at)),
        }),
      ),
    ],
  };
}

const compare = (before: Build, after: Build): BuildDiff =>
  compareBuilds(recorded({ salt: 'a', ...before }), recorded({ salt: 'b', ...after }));

/** `name: reason` of the steps of the Dockerfile. */
const reasons = (before: Build, after: Build): string[] =>
  compare(before, after)
    .steps.filter(({ internal }) => !internal)
    .map(({ before: then, after: now, reason }) => {
      if (now === undefined) return `${then?.name}: gone`;
      const { kind = now.state, ...more } = reason ?? {};
      const details = Object.values(more).map((value) => (Array.isArray(value) ? value.map((one) => one.name) : value));
      return [`${now.name}: ${kind}`, ...details.flat()].join(' ');
    });

const from: Step = { name: '[1/3] FROM base', layer: 'base' };
const copy = (layer: string | undefined, state: BuiltStep['state'] = 'cached'): Step => ({
  name: '[2/3] COPY . .',
  copies: true,
  state,
  ...(layer !== undefined && { layer }),
});
const make = (more: Partial<Step> = {}): Step => ({ name: '[3/3] RUN make', layer: 'made', ...more });

test('files that have changed, and what builds on them', () => {
  assert.deepEqual(
    reasons({ steps: [from, copy('one'), make()] }, { steps: [from, copy('two', 'ran'), make({ state: 'ran' })] }),
    [
      '[1/3] FROM base: cached',
      '[2/3] COPY . .: files local://context true',
      '[3/3] RUN make: input [2/3] COPY . . true',
    ],
  );
});

test('nothing that has changed', () => {
  const steps = [from, copy('one', 'ran'), make({ state: 'ran' })];
  const uncached = ['[1/3] FROM base: cached', '[2/3] COPY . .: uncached', '[3/3] RUN make: uncached'];
  assert.deepEqual(reasons({ steps: [from, copy('one'), make()] }, { steps }), uncached);
  const unknown = [from, copy(undefined, 'ran'), { name: '[3/3] RUN make', state: 'ran' as const }];
  assert.deepEqual(reasons({ steps: unknown }, { steps: unknown, attributes: { 'no-cache': '' } }), uncached);
});

test('where no layers are kept it is told what is likely', () => {
  const steps = [from, copy(undefined, 'ran'), { name: '[3/3] RUN make', state: 'ran' as const }];
  assert.deepEqual(reasons({ steps }, { steps }), [
    '[1/3] FROM base: cached',
    '[2/3] COPY . .: files local://context false',
    '[3/3] RUN make: input [2/3] COPY . . false',
  ]);
});

test('commands, settings and base images that have changed', () => {
  const run = (who: string): object => ({ meta: { args: ['make'], env: ['A=1', `WHO=${who}`] } });
  const before = { steps: [from, copy('one'), make({ run: run('me') })] };
  assert.deepEqual(reasons(before, { steps: [from, copy('one'), make({ run: run('you'), state: 'ran' })] }).slice(2), [
    '[3/3] RUN make: definition exec.meta.env.WHO',
  ]);
  const clean = { name: '[3/3] RUN clean', state: 'ran' as const };
  assert.deepEqual(reasons({ steps: [from, copy('one'), make()] }, { steps: [from, copy('one'), clean] }).slice(2), [
    '[3/3] RUN clean: definition exec.text',
  ]);
  const newer = { name: '[1/3] FROM base@newer', run: { newer: true }, state: 'ran' as const };
  assert.deepEqual(reasons(before, { steps: [newer, copy('one', 'ran'), make({ run: run('me'), state: 'ran' })] }), [
    '[1/3] FROM base@newer: definition exec.newer exec.text',
    '[2/3] COPY . .: input [1/3] FROM base@newer true',
    '[3/3] RUN make: input [2/3] COPY . . true',
  ]);
});

test('steps that come and go', () => {
  const added: Step = { name: '[2/4] RUN apk add make', state: 'ran' };
  const after = [
    from,
    added,
    { ...copy('one', 'ran'), name: '[3/4] COPY . .' },
    make({ name: '[4/4] RUN make', state: 'ran' }),
  ];
  const before = [from, copy('one'), make()];
  assert.deepEqual(reasons({ steps: before }, { steps: after }), [
    '[1/3] FROM base: cached',
    '[2/4] RUN apk add make: new',
    '[3/4] COPY . .: input [2/4] RUN apk add make true',
    '[4/4] RUN make: input [3/4] COPY . . true',
  ]);
  assert.deepEqual(reasons({ steps: after }, { steps: before }), [
    '[1/3] FROM base: cached',
    '[2/3] COPY . .: cached',
    '[3/3] RUN make: cached',
    '[2/4] RUN apk add make: gone',
  ]);
});

test('of a build that failed it is known what its steps are called', () => {
  const failing = (name: string): Build => ({
    steps: [from, copy(undefined, 'ran'), { name, state: 'failed' }],
    failed: true,
  });
  const before = { steps: [from, copy('one'), make()] };
  assert.deepEqual(reasons(before, failing('[3/3] RUN maek')).slice(1), [
    '[2/3] COPY . .: files local://context false',
    '[3/3] RUN maek: definition step',
  ]);
  assert.deepEqual(reasons(before, failing('[3/3] RUN make')).slice(2), ['[3/3] RUN make: input [2/3] COPY . . false']);
  const cached = { ...failing('[3/3] RUN make'), steps: [from, copy(undefined), make({ state: 'failed' })] };
  assert.deepEqual(reasons(before, cached).slice(2), ['[3/3] RUN make: unknown']);
});

test('what builds were given is told by its kind', () => {
  const attributes = (who: string): Record<string, string> => ({
    'build-arg:WHO': who,
    'build-arg:SAME': 'x',
    [`label:${who}`]: '',
    'context:base': `docker-image://${who}`,
    target: who,
    platform: 'linux/amd64',
    context: who,
    'vcs:source': 'https://example.com/r.git',
    'vcs:revision': who,
    'local-sessionid:context': who,
    'sharedkey:localdir:context': who,
    'input-metadata:x': who,
    'frontend.caps': who,
  });
  const material = (digest: string): object => ({
    uri: `pkg:docker/base@1?digest=sha256:${digest}&platform=linux%2Famd64`,
    digest: { sha256: digest },
  });
  const build = (who: string): Build => ({ steps: [from], attributes: attributes(who), materials: [material(who)] });
  const diff = compare(build('me'), build('you'));
  assert.deepEqual(diff.buildArgs, [{ name: 'WHO', before: 'me', after: 'you' }]);
  assert.deepEqual(diff.labels, [
    { name: 'me', before: '' },
    { name: 'you', after: '' },
  ]);
  assert.deepEqual(diff.namedContexts, [{ name: 'base', before: 'docker-image://me', after: 'docker-image://you' }]);
  assert.deepEqual(diff.attributes, [{ name: 'target', before: 'me', after: 'you' }]);
  assert.deepEqual(diff.context, [{ name: 'revision', before: 'me', after: 'you' }]);
  assert.deepEqual(diff.materials, [
    { name: 'pkg:docker/base@1?platform=linux%2Famd64', before: 'sha256:me', after: 'sha256:you' },
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(diff)), diff);
});

test('a provenance of SLSA 1 tells the same', () => {
  const steps = [{ id: 'step0', op: { Op: { source: { identifier: 'local://context' } } } }];
  const config = { llbDefinition: steps, digestMapping: { d: 'step0' } };
  const dockerfile = { filename: 'Dockerfile', data: Buffer.from('FROM scratch\n').toString('base64') };
  const graph = readGraph({
    buildDefinition: {
      internalParameters: { buildConfig: config },
      resolvedDependencies: [{ uri: 'https://example.com/r.git#main', digest: { sha1: 'abc' } }],
    },
    runDetails: { metadata: { buildkit_metadata: { source: { infos: [dockerfile] } } } },
  });
  assert.equal(graph.steps.get('d')?.source, 'local://context');
  assert.deepEqual([...graph.materials], [['https://example.com/r.git#main', 'sha1:abc']]);
  assert.deepEqual(graph.dockerfile, { name: 'Dockerfile', text: 'FROM scratch\n' });
});

test('nonsense is no graph', () => {
  for (const predicate of [
    undefined,
    null,
    1,
    [],
    { buildConfig: { llbDefinition: [null, 1, { id: 1, inputs: [2] }] } },
  ]) {
    assert.doesNotThrow(() => readGraph(predicate));
  }
});

test('each step is paired once', () => {
  const one = recorded({ steps: [from, from, make()], salt: 'a' }).steps;
  const other = recorded({ steps: [from, make(), make(), make()], salt: 'b' }).steps;
  const pairs = pairSteps(one, other);
  assert.equal(new Set(pairs.values()).size, pairs.size);
});
