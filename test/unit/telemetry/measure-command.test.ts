import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { TsbuildxError } from '../../../src/base/errors.ts';
import { measureCommand, type MeasureOptions, type StartBuildMeter } from '../../../src/telemetry/index.ts';
import { createContext } from '../../support/cli.ts';
import { type SentMetric, startGrpcCollector } from '../../support/collector.ts';

type Env = MeasureOptions['env'];
const isTty = { stdin: true, stdout: false, stderr: true };

function optionsOf(configDir: string, env: Env, docker: MeasureOptions['docker'] = {}): MeasureOptions {
  return {
    env,
    docker: { ...docker, configDir },
    name: 'buildx build',
    program: 'docker-buildx',
    isTty,
    exitCodeOf: (error) => (error === undefined ? 0 : 7),
  };
}

function build(meter: StartBuildMeter | undefined, error?: unknown): void {
  const running = meter?.({ command: 'build', builder: 'mine', identity: ['target', '/dir'] });
  running?.note({ kind: 'builder', driver: 'remote' });
  running?.note({ kind: 'warning' });
  running?.end(error);
}

function find(metrics: readonly SentMetric[], scope: string): SentMetric | undefined {
  return metrics.find((metric) => metric.scope.endsWith(scope) && metric.name === 'command.time');
}

test('the environment names a collector, which gets how long command and build took', async () => {
  await using collector = await startGrpcCollector();
  await using home = await createContext({ 'buildx/.buildNodeID': 'salt' });
  const env = {
    DOCKER_CLI_OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_RESOURCE_ATTRIBUTES: 'docker.cli.cobra.command_path=docker%20buildx',
  };
  await measureCommand(optionsOf(home.dir, env), async (meter) => build(meter));
  const metrics = collector.requests.flatMap((request) => request.metrics);
  const [command, built] = [find(metrics, 'docker/cli'), find(metrics, 'docker/buildx')];
  assert.deepEqual(command?.attributes, {
    'command.name': 'buildx build',
    'command.stdin.isatty': true,
    'command.stdout.isatty': false,
    'command.stderr.isatty': true,
    'command.status.code': 0n,
  });
  assert.deepEqual([command.unit, command.sum, command.monotonic], ['ms', 'delta', true]);
  assert.deepEqual(built?.attributes, {
    'command.name': 'build',
    'command.options.hash': createHash('sha256').update('target\0/dir\0salt\0').digest('hex'),
    'driver.name': 'mine',
    'driver.type': 'remote',
  });
  assert.equal(command.resource['service.name'], 'docker-buildx');
  assert.equal(command.resource['docker.cli.cobra.command_path'], 'docker buildx');
});

test('failures are told apart from cancellations', async () => {
  await using collector = await startGrpcCollector();
  await using home = await createContext({});
  const env = { DOCKER_CLI_OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  for (const [error, type] of [
    [new Error('no luck'), 'generic'],
    [new Error('outer', { cause: new TsbuildxError('CANCELED', 'context canceled') }), 'canceled'],
  ] as const) {
    const failing = measureCommand(optionsOf(home.dir, env), async (meter) => {
      build(meter, error);
      throw error;
    });
    await assert.rejects(failing, error);
    const metrics = collector.requests.at(-1)?.metrics ?? [];
    assert.equal(find(metrics, 'docker/cli')?.attributes['command.error.type'], type);
    assert.equal(find(metrics, 'docker/cli')?.attributes['command.status.code'], 7n);
    assert.equal(find(metrics, 'docker/buildx')?.attributes['error.type'], type);
  }
});

test('a docker context names a collector in its metadata; the environment wins', async () => {
  await using collector = await startGrpcCollector();
  await using home = await createContext({ 'config.json': '{"currentContext":"desk"}' });
  const dir = join(home.dir, 'contexts/meta', createHash('sha256').update('desk').digest('hex'));
  await mkdir(dir, { recursive: true });
  const otel = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const meta = { Name: 'desk', Metadata: { otel }, Endpoints: { docker: { Host: 'unix:///x' } } };
  await writeFile(join(dir, 'meta.json'), JSON.stringify(meta));
  const measured = async (env: Env, docker: MeasureOptions['docker'] = {}): Promise<boolean> => {
    const before = collector.requests.length;
    let isMeasured = false;
    await measureCommand(optionsOf(home.dir, env, docker), async (meter) => {
      isMeasured = meter !== undefined;
    });
    return isMeasured && collector.requests.length > before;
  };
  assert.equal(await measured({}), true);
  assert.equal(await measured({ DOCKER_CONTEXT: 'other' }), false);
  assert.equal(await measured({ DOCKER_CONTEXT: 'other' }, { context: 'desk' }), true);
  assert.equal(await measured({ DOCKER_HOST: 'unix:///y' }), false);
  assert.equal(await measured({ DOCKER_CLI_OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }), false);
});

test('without a collector the command only runs', async () => {
  await using home = await createContext({});
  let meter: unknown = 'none';
  await measureCommand(optionsOf(home.dir, {}), async (given) => {
    meter = given;
  });
  assert.equal(meter, undefined);
});
