// What daemons and this machine remember of builds: the same, whichever program started them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { compareUtf8 } from '../../src/base/go-json.ts';
import type { HistoryRecord, ResultInfo } from '../../src/buildkit/control/index.ts';
import { decodeStatus, type ErrorDetail } from '../../src/buildkit/rpc/index.ts';
import { type FoundRecord, type History, historyQuery, openHistory } from '../../src/history/index.ts';
import { startAssetServer } from '../support/asset-server.ts';
import { withoutBuild } from '../support/attestations.ts';
import { baseImage } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';

let peers: Peers;
let history: History;
before(async () => {
  peers = await startPeers();
  history = await openHistory(await historyQuery({ docker: { configDir: peers.configDir }, env: peers.env }));
});
after(async () => {
  await history?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
});

const signal = new AbortController().signal;
const sides = ['theirs', 'ours'] as const;

/** Attributes of exporters and frontends that only newer versions of buildx than the peer send, as ours does. */
const NEWER = /^(?:prefer-image-digest$|sharedkey:localdir:)/;

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) => {
      if (NEWER.test(name)) return undefined;
      if (name.startsWith('local-sessionid:')) return 'session';
      if (typeof member === 'bigint') return Number(member);
      return member instanceof Map ? [...member.values()] : member;
    })
      .replaceAll(/sha256:[0-9a-f]{64}/g, 'DIGEST')
      .replaceAll(/[0-9a-z]{25}(?:::[0-9a-z]{25})?/g, 'ID')
      .replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME'),
  );
}

/** Without the daemon's own call stacks, and without what compiled the Dockerfile. */
function detailsOf(details: readonly ErrorDetail[] = []): unknown[] {
  return details
    .filter(({ kind }) => kind === 'source' || kind === 'vertex')
    .map((detail) => (detail.kind === 'source' ? { ...detail.source, data: detail.source.data.length } : detail.kind));
}

async function read(found: FoundRecord): Promise<unknown> {
  const { node, record } = found;
  const statement = async ({ attestations, results }: ResultInfo): Promise<unknown> => ({
    results: [...results].map(([at, { mediaType }]) => `${at} ${mediaType}`).toSorted(compareUtf8),
    attestations: await Promise.all(
      attestations.map(async ({ annotations, ...descriptor }) => [
        annotations,
        withoutBuild(JSON.parse(Buffer.from(await node.content.readAll(descriptor, { signal })).toString())),
      ]),
    ),
  });
  const results = Object.entries(record.results).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const external = record.externalError && decodeStatus(await node.content.readAll(record.externalError, { signal }));
  const state = history.localState(found);
  const group = state?.GroupRef === undefined ? undefined : history.localStateGroup(state.GroupRef);
  return plain({
    ...withoutContent(record),
    error: record.error && { ...record.error, details: record.error.details.length },
    externalError: external && { ...external, details: detailsOf(external.details) },
    result: record.result && (await statement(record.result)),
    results: await Promise.all(results.map(async ([platform, info]) => [platform, await statement(info)])),
    steps: await stepsOf(found),
    state: state && { ...state, GroupRef: state.GroupRef !== undefined },
    group: group && { ...group, Refs: group.Refs.length },
  });
}

function withoutContent(record: HistoryRecord): object {
  const { ref: _, createdAt, completedAt, logs, trace: __, generation: ___, exporterResponse, ...rest } = record;
  // a newer frontend tells it than that of the peer's daemon
  const { 'source.date.epoch': ____, ...response } = exporterResponse;
  assert.ok(createdAt !== undefined && completedAt !== undefined && createdAt <= completedAt);
  return { ...rest, exporterResponse: response, logs: logs?.mediaType };
}

/** What the logs tell of steps: their names, whether they came to an end, what they wrote, and warnings. */
async function stepsOf({ node, record }: FoundRecord): Promise<unknown> {
  const names = new Map<string, string>();
  const steps = new Map<string, object>();
  const written = new Map<string, string>();
  const warnings: unknown[] = [];
  for await (const status of node.control.status(record.ref, { signal })) {
    for (const { digest, name, inputs, completed, cached, error = '' } of status.vertexes) {
      names.set(digest, name);
      steps.set(name, { inputs: inputs.length, completed: completed !== undefined, cached, error });
    }
    for (const { vertex, data } of status.logs) {
      const name = names.get(vertex) ?? '';
      written.set(name, (written.get(name) ?? '') + Buffer.from(data).toString());
    }
    for (const { short, url, range } of status.warnings) warnings.push([Buffer.from(short).toString(), url, range]);
  }
  const sorted = (map: ReadonlyMap<string, unknown>): unknown[] => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { steps: sorted(steps), written: sorted(written), warnings };
}

/** Runs the same twice with theirs, so that the cache is the same for ours. */
async function records(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Record<Side, unknown>> {
  const known = new Set<string>();
  const fresh = async (): Promise<readonly FoundRecord[]> => {
    const all = await history.query({ completedOnly: true });
    const found = all.filter(({ record }) => !known.has(record.ref));
    for (const { record } of all) known.add(record.ref);
    return found.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  };
  const nameOf = (found: FoundRecord): string => history.localState(found)?.Target ?? '';
  await peers.run('theirs', words, { env });
  await fresh();
  const made: Partial<Record<Side, unknown>> = {};
  for (const side of sides) {
    const ran = await peers.run(side, words, { env });
    const found = await fresh();
    assert.ok(found.length > 0, ran.stderr);
    made[side] = { code: ran.code, records: await Promise.all(found.map(read)) };
  }
  return made as Record<Side, unknown>;
}

const dockerfile = `FROM ${baseImage} AS first
ARG WHO
RUN echo "hello $WHO" | tee /first
FROM first AS second
COPY salt /
RUN --mount=type=secret,id=token cat /salt
`;

interface RecordCase {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const cases: readonly RecordCase[] = [
  { name: 'a build', args: ['-t', 'recorded'] },
  {
    name: 'arguments, labels, a target and settings',
    files: { 'sub/My.Dockerfile': dockerfile },
    args: (
      '-f DIR/sub/My.Dockerfile --build-arg WHO=me --build-arg BUILDKIT_BUILD_NAME=named --label a=b --target first ' +
      '--no-cache-filter second --add-host h:1.2.3.4 --shm-size 64m --ulimit nofile=10:20 -t recorded:args'
    ).split(' '),
  },
  { name: 'secrets', files: { token: 'secret' }, args: ['--secret', 'id=token,src=DIR/token'] },
  {
    name: 'named contexts',
    files: { Dockerfile: 'FROM base\nCOPY --from=other salt /\n' },
    args: ['--build-context', `base=docker-image://${baseImage}`, '--build-context', 'other=DIR'],
  },
  {
    name: 'two platforms',
    files: { Dockerfile: 'FROM scratch\nARG TARGETARCH\nCOPY salt /$TARGETARCH\n' },
    args: ['--platform', 'linux/amd64,linux/arm64', '-t', 'recorded:platforms'],
  },
  {
    name: 'several outputs, with a whole provenance',
    args: [
      '-o',
      'type=tar,dest=DIR/out.tar',
      '-o',
      'type=oci,dest=DIR/oci.tar',
      '--provenance=mode=max,builder-id=b',
      '--load',
    ],
  },
  {
    name: 'a local cache',
    args: ['--cache-to', 'type=local,dest=DIR/cache', '--cache-from', 'type=local,src=DIR/cache'],
  },
  { name: 'a step that fails', files: { Dockerfile: `FROM ${baseImage}\nCOPY salt /\nRUN echo before; exit 3\n` } },
  { name: 'a file that is not there', files: { Dockerfile: `FROM ${baseImage}\nCOPY nothing /\n` } },
  { name: 'a Dockerfile that does not parse', files: { Dockerfile: `FROM ${baseImage}\nFOO bar\n` } },
  { name: 'a target that is not there', args: ['--target', 'nowhere'] },
  { name: 'warnings', files: { Dockerfile: `from ${baseImage} as x\nMAINTAINER me\nENV a b\nCOPY salt /\n` } },
  { name: 'a date', env: { SOURCE_DATE_EPOCH: '1000' } },
];

describe('records of builds', () => {
  for (const { name, files = {}, args = [], env } of cases) {
    it(`with ${name} are the same`, async () => {
      await using context = await freshContext({ Dockerfile: dockerfile, ...files });
      const words = args.map((word) => word.replaceAll('DIR', context.dir));
      const { theirs, ours } = await records(['build', '--progress=plain', ...words, context.dir], env);
      assert.deepEqual(ours, theirs);
    });
  }

  it('of a git repository, as context and around one, are the same', async () => {
    await using assets = await startAssetServer({}, { Dockerfile: `FROM ${baseImage}\nCOPY README.md /\n` });
    const remote = await records(['build', '--progress=plain', `${assets.url}/repo.git#main`]);
    assert.deepEqual(remote.ours, remote.theirs);
    await using context = await freshContext({ 'app/Dockerfile': `FROM ${baseImage}\nCOPY Dockerfile /\n` });
    const git = async (...words: readonly string[]): Promise<unknown> =>
      await promisify(execFile)('git', [...words], { cwd: context.dir });
    await git('init', '-q');
    await git('remote', 'add', 'origin', 'https://example.com/r.git');
    await git('add', '.');
    await git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'all');
    const local = await records(['build', '--progress=plain', join(context.dir, 'app')], { BUILDX_GIT_LABELS: 'full' });
    assert.deepEqual(local.ours, local.theirs);
  });

  it('of bake are the same, and belong together', async () => {
    await using context = await freshContext({ Dockerfile: dockerfile });
    const file = join(context.dir, 'docker-bake.json');
    const targets = {
      one: { context: context.dir, target: 'first', args: { WHO: 'one' }, labels: { a: 'b' } },
      two: { context: context.dir, target: 'second', contexts: { linked: 'target:one' } },
    };
    await writeFile(file, JSON.stringify({ group: { default: { targets: ['one', 'two'] } }, target: targets }));
    const { theirs, ours } = await records(['bake', '--progress=plain', '--allow=fs.read=*', '-f', file]);
    // A build may have ended when a step that it shares with the other has come to an end in that one only.
    const shared = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (name, one: unknown) => (/^(?:numC|c)ompleted(?:Steps)?$/.test(name) ? 0 : one)),
      );
    assert.deepEqual(shared(ours), shared(theirs));
    assert.match(JSON.stringify(ours), /"group":\{"Targets":\["default"\],"Refs":2\}/);
  });
});
