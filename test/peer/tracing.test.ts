// Spans and metrics of builds: what collectors and daemons get of this program, beside what they get of Go's buildx.
import assert from 'node:assert/strict';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { binaryPath, createContext } from '../support/cli.ts';
import { type Collector, type SentSpan, startGrpcCollector, startHttpCollector } from '../support/collector.ts';
import { baseImage } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { registryUser, startRegistry, startTokenServer } from '../support/registry.ts';
import { recordedSpans } from '../support/recorded-trace.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;

before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
  const created = await peers.run('theirs', ['create', '--name', 'direct', '--driver', 'remote', buildkitd.unix]);
  assert.equal(created.code, 0, created.stderr);
});
after(async () => {
  await buildkitd[Symbol.asyncDispose]();
  await peers[Symbol.asyncDispose]();
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const dockerfile = `FROM ${baseImage}\nCOPY salt /\nRUN true\n`;

/**
 * Calls that only one side makes: Go's asks for capabilities and for the history beforehand, and for workers again; ours resolves
 * images and evaluates by itself.
 */
const ownWays = /load buildkit capabilities|\/_ping|\/version$|ListenBuildHistory|ResolveSourceMeta|Evaluate|Content\//;

interface Traced {
  readonly spans: readonly SentSpan[];
  readonly collector: Collector;
}

async function trace(side: Side, protocol: 'grpc' | 'http/protobuf', args: readonly string[]): Promise<Traced> {
  await using collector = await (protocol === 'grpc' ? startGrpcCollector() : startHttpCollector());
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
    OTEL_RESOURCE_ATTRIBUTES: 'team=x,docker.cli.x=y',
    TRACEPARENT: `00-${traceId}-${parentId}-01`,
    TRACESTATE: 'vendor=1',
  };
  const ran = await peers.run(side, args, { env });
  assert.equal(ran.code, 0, ran.stderr);
  return { spans: collector.take(), collector };
}

/** Each kind of span once: `parent > name kind attributes`; what stands for the daemon's own spans is `…`. */
function outline(spans: readonly SentSpan[]): string[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  const lines = spans
    .filter(({ name, parentSpanId }) => !ownWays.test(name) && !ownWays.test(names.get(parentSpanId) ?? ''))
    .map(({ name, kind, attributes, parentSpanId, status }) => {
      const parent = names.get(parentSpanId) ?? '…';
      // what Go calls the address of a session is the name of a pipe
      const kept = Object.keys(attributes).filter((key) => kind === 'CLIENT' || !key.startsWith('server.'));
      // how the stream of Go's session ends is a matter of chance
      const code = name.endsWith('Control/Session') ? '' : status.code;
      return `${parent} > ${name} ${kind} ${kept.sort().join()} ${code}`;
    });
  return [...new Set(lines)].sort();
}

describe('spans', () => {
  for (const protocol of ['grpc', 'http/protobuf'] as const) {
    it(`reach a collector over ${protocol}, as children of the span that the environment names`, async () => {
      const seen: Record<Side, Traced | undefined> = { ours: undefined, theirs: undefined };
      for (const side of ['theirs', 'ours'] as const) {
        await using context = await freshContext({ Dockerfile: dockerfile });
        seen[side] = await trace(side, protocol, [
          '--builder',
          'direct',
          'build',
          '-q',
          '-f',
          `${context.dir}/Dockerfile`,
          context.dir,
        ]);
      }
      const { ours, theirs } = seen;
      assert.ok(ours !== undefined && theirs !== undefined);
      const withoutDir = (lines: readonly string[]): string[] =>
        lines.map((line) => line.replaceAll(/\/\S*tsbx-\S*|\/tmp\/\S+/g, 'DIR'));
      const again = 'build > moby.buildkit.v1.Control/ListWorkers';
      const expected = withoutDir(outline(theirs.spans)).filter((line) => !line.startsWith(again));
      assert.deepEqual(withoutDir(outline(ours.spans)), expected);
      for (const { spans, collector } of [ours, theirs]) {
        assert.deepEqual([...new Set(spans.map((span) => span.traceId))], [traceId]);
        assert.deepEqual([...new Set(spans.map((span) => span.traceState))], ['vendor=1']);
        const root = spans.find(({ name }) => name.startsWith('build /'));
        assert.deepEqual([root?.parentSpanId, root?.flags], [parentId, 0x301]);
        assert.deepEqual([root?.resource['service.name'], root?.resource['team']], ['buildx', 'x']);
        assert.equal(root?.resource['docker.cli.x'], undefined);
        assert.equal(root?.attributes['builder'], 'direct');
        for (const { headers, path } of collector.requests) {
          assert.equal(headers['x-tenant'], 'a b');
          assert.match(path, protocol === 'grpc' ? /TraceService\/Export$/ : /^\/v1\/traces$/);
        }
      }
    });
  }

  it('are in the record that the daemon keeps of the build, and its own hang below them', async () => {
    const names: Record<Side, Set<string>> = { ours: new Set(), theirs: new Set() };
    for (const side of ['theirs', 'ours'] as const) {
      await using context = await freshContext({ Dockerfile: dockerfile });
      const { metadata, code, stderr } = await peers.build(side, context.dir);
      assert.equal(code, 0, stderr);
      const spans = await recordedSpans(peers.engine, String(metadata['buildx.build.ref']));
      assert.equal(new Set(spans.map((span) => span.traceId)).size, 1);
      const own = spans.filter(({ service }) => service === 'buildx');
      const client = own.find(({ name }) => name === 'moby.buildkit.v1.Control/Solve');
      const server = spans.find(
        ({ name, service }) => name === 'moby.buildkit.v1.Control/Solve' && service !== 'buildx',
      );
      if (side === 'ours') assert.equal(server?.parentSpanId, client?.spanId);
      names[side] = new Set(
        own.map(({ name }) => name.replace(context.dir, 'DIR')).filter((name) => !ownWays.test(name)),
      );
    }
    // an engine tells Go's buildx not which span its calls in the session are for, so they are in no trace at all
    const ours = [...names.ours].filter((name) => !name.startsWith('moby.filesync'));
    assert.deepEqual(ours.sort(), [...names.theirs].sort());
    assert.ok(ours.includes('build DIR') && ours.includes('build'), ours.join());
  });

  it('of bake: the command, each of several targets, and their builds', async () => {
    const lines: Record<Side, string[]> = { ours: [], theirs: [] };
    for (const side of ['theirs', 'ours'] as const) {
      const bake = 'target "one" {}\ntarget "two" {}\ngroup "default" { targets = ["one", "two"] }\n';
      await using context = await freshContext({ Dockerfile: dockerfile, 'docker-bake.hcl': bake });
      await using collector = await startHttpCollector();
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };
      const ran = await peers.run(side, ['bake', '--progress', 'quiet', '-f', 'docker-bake.hcl', 'one', 'two'], {
        cwd: context.dir,
        env,
      });
      assert.equal(ran.code, 0, ran.stderr);
      const spans = collector.take();
      const kept = outline(spans).filter((line) => line.includes(' INTERNAL '));
      const root = spans.find(({ name }) => name.startsWith('bake'));
      lines[side] = [...kept, JSON.stringify(root?.attributes)];
    }
    assert.deepEqual(lines.ours, lines.theirs);
    assert.ok(
      lines.ours.some((line) => line.startsWith('one > build INTERNAL')),
      lines.ours.join('\n'),
    );
  });

  it('of a push: credentials that are loaded and tokens that are fetched, without either', async () => {
    await using tokens = await startTokenServer();
    await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
    const login = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
    await using home = await createContext({
      'config.json': JSON.stringify({ auths: { [registry.host]: { auth: login } } }),
    });
    const lines: Record<Side, string[]> = { ours: [], theirs: [] };
    for (const side of ['theirs', 'ours'] as const) {
      await using context = await freshContext({ Dockerfile: `FROM ${baseImage}\nCOPY salt /\n` });
      await using collector = await startHttpCollector();
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        DOCKER_CONFIG: home.dir,
      };
      const ran = await peers.run(side, ['build', '--push', '-t', `${registry.host}/${side}:1`, context.dir], { env });
      assert.equal(ran.code, 0, ran.stderr);
      const spans = collector.take();
      const shown = JSON.stringify(spans, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
      assert.ok(!shown.includes(registryUser.password) && !shown.includes(login), shown);
      const kept = spans.filter(({ name }) => /^(HTTP|load credentials for) /.test(name));
      const told = kept.map(({ name, kind, status, attributes }) =>
        [name, kind, status.code, attributes['http.response.status_code'], attributes['url.full']].join(' '),
      );
      lines[side] = [...new Set(told)].sort();
    }
    assert.deepEqual(lines.ours, lines.theirs);
    assert.ok(
      lines.ours.some((line) => line.startsWith('HTTP POST CLIENT 0 200 http')),
      lines.ours.join('\n'),
    );
  });

  it('of a build that fails say why', async () => {
    const told: Record<Side, unknown> = { ours: undefined, theirs: undefined };
    for (const side of ['theirs', 'ours'] as const) {
      await using context = await freshContext({ Dockerfile: `FROM ${baseImage}\nRUN exit 3\n` });
      await using collector = await startHttpCollector();
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };
      const ran = await peers.run(side, ['build', context.dir], { env });
      assert.equal(ran.code, 1);
      const spans = collector.take();
      const [build, root] = [/^build$/, /^build \//].map((name) => spans.find((span) => name.test(span.name)));
      told[side] = [build, root].map((span) => [
        span?.status,
        span?.events.map(({ name, attributes }) => [name, attributes['exception.message']]),
      ]);
    }
    assert.deepEqual(told.ours, told.theirs);
  });
});

describe('metrics', () => {
  it('of a plugin: the same of a command and its build, for the collector that the environment names', async () => {
    const lines: Record<Side, string[]> = { ours: [], theirs: [] };
    await using context = await createContext({
      Dockerfile: `from ${baseImage} AS one\nCOPY file /\nRUN true\n`,
      file: 'x',
    });
    for (const side of ['theirs', 'ours'] as const) {
      await using collector = await startGrpcCollector();
      const plugins = join(peers.configDir, 'cli-plugins');
      await mkdir(plugins, { recursive: true });
      await rm(join(plugins, 'docker-buildx'), { force: true });
      await symlink(side === 'ours' ? binaryPath() : await buildxPeer(), join(plugins, 'docker-buildx'));
      const env = { ...peers.env, DOCKER_CLI_OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
      const ran = await peers.engine.docker(['buildx', 'build', '--no-cache', '-t', 'metrics', context.dir], { env });
      assert.equal(ran.code, 0, ran.stderr);
      const sent = collector.requests.find(({ metrics }) => metrics.some(({ name }) => name === 'exec.command.time'));
      lines[side] = (sent?.metrics ?? [])
        .map(({ scope, name, description, unit, sum, monotonic, attributes, resource }) => {
          const words = Object.entries(attributes).map(([key, value]) => `${key}=${String(value)}`);
          const of = `${String(resource['service.name'])} ${String(resource['docker.cli.cobra.command_path'])}`;
          return `${scope} ${name} (${description}, ${unit}, ${sum}, ${monotonic}) ${words.sort().join()} ${of}`;
        })
        .sort();
    }
    assert.deepEqual(lines.ours, lines.theirs);
    assert.ok(
      lines.ours.some((line) => line.includes('lint.trigger.count')),
      lines.ours.join('\n'),
    );
  });
});
