// Matches docker/cli command/telemetry_utils.go and buildx commands/build.go timeBuildCommand: what is measured of a command that
// the docker CLI runs as a plugin.
import { createHash, randomUUID } from 'node:crypto';
import { findCause, TsbuildxError } from '../base/errors.ts';
import { nodeIdentifier, openStateDir } from '../builder/store/index.ts';
import { createRpcClient, type Method, type RpcClient } from '../buildkit/rpc/index.ts';
import { dockerConfigDir } from '../docker/config/index.ts';
import { type Attributes, resourceOf } from '../tracing/index.ts';
import { BuildMetrics } from './build-metrics.ts';
import { dialCollector } from './collector.ts';
import { dockerEndpoint, type EndpointQuery } from './docker-endpoint.ts';
import type { BuildMeter, MeasuredBuild, MeasureOptions, StartBuildMeter } from './measure-command.ts';
import { type Instrument, Metrics } from './metrics.ts';
import { encodeMetrics } from './metrics-codec.ts';
import type { OtlpSettings } from './otlp-settings.ts';

/** The docker CLI waits 50 ms for a collector, which is little on a busy machine. */
const PATIENCE_MS = 500;

const COMMAND_TIME: Instrument = {
  scope: 'github.com/docker/cli',
  name: 'command.time',
  description: 'Measures the duration of the cobra command',
  unit: 'ms',
  kind: 'sum',
  isInteger: false,
};
const BUILD_TIME: Instrument = {
  ...COMMAND_TIME,
  scope: 'github.com/docker/buildx',
  description: 'Measures the duration of the build command.',
};
const EXPORT: Method<Uint8Array, void> = {
  path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  encode: (bytes) => bytes,
  decode: () => {},
};

/** Runs a command that is measured, as `measureCommand` says. */
export async function runMeasured(
  options: MeasureOptions,
  work: (meter: StartBuildMeter | undefined) => Promise<void>,
): Promise<void> {
  const settings = await dockerEndpoint(options);
  if (settings === undefined) return await work(undefined);
  const metrics = new Metrics();
  const start = Date.now();
  const begun = performance.now();
  let failure: { readonly error: unknown } | undefined;
  try {
    await work((build) => startBuild(metrics, build, options));
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    const { stdin, stdout, stderr } = options.isTty;
    metrics.record(COMMAND_TIME, performance.now() - begun, {
      'command.name': options.name,
      'command.stdin.isatty': stdin,
      'command.stdout.isatty': stdout,
      'command.stderr.isatty': stderr,
      'command.status.code': options.exitCodeOf(failure?.error),
      ...(failure !== undefined && { 'command.error.type': errorType(failure.error) }),
    });
    const end = Date.now();
    const resource = resourceOf(options.env, {
      defaults: { 'service.name': options.program, 'service.instance.id': randomUUID() },
      fixed: { 'telemetry.sdk.name': 'tsbuildx', 'telemetry.sdk.language': 'nodejs' },
    });
    const time = { start: BigInt(start) * 1_000_000n, end: BigInt(end) * 1_000_000n };
    await send(encodeMetrics(metrics.all(), resource, time), settings, options).catch(() => {});
  }
}

function startBuild(metrics: Metrics, build: MeasuredBuild, query: EndpointQuery): BuildMeter {
  let driver = '';
  const hash = optionsHash(build.identity, query);
  const attributes = (): Attributes => ({
    'command.name': build.command,
    'command.options.hash': hash,
    'driver.name': build.builder,
    'driver.type': driver,
  });
  const progress = new BuildMetrics(metrics, attributes);
  const begun = performance.now();
  return {
    note(event) {
      if (event.kind === 'builder') driver = event.driver;
      else if (event.kind === 'status') progress.note(event.status);
    },
    end(error) {
      progress.end();
      const failed = error === undefined ? {} : { 'error.type': errorType(error) };
      metrics.record(BUILD_TIME, performance.now() - begun, { ...attributes(), ...failed });
    },
  };
}

/** Salted, so that nobody learns what was built by guessing. */
function optionsHash(identity: readonly string[], { env, docker }: EndpointQuery): string {
  const salt = nodeIdentifier(openStateDir(dockerConfigDir(docker.configDir, env), env));
  const hash = createHash('sha256');
  for (const part of [...identity, salt]) hash.update(part).update('\0');
  return hash.digest('hex');
}

function errorType(error: unknown): string {
  const isCanceled = (e: Error): e is TsbuildxError => e instanceof TsbuildxError && e.code === 'CANCELED';
  return findCause(error, isCanceled) === undefined ? 'generic' : 'canceled';
}

async function send(request: Uint8Array, settings: OtlpSettings, { env }: EndpointQuery): Promise<void> {
  const { host, headers } = settings;
  const authority = host.startsWith('/') ? 'localhost' : host;
  await using rpc: RpcClient = createRpcClient(await dialCollector(settings, env), { endpoint: host, authority });
  await rpc.unary(EXPORT, request, { signal: AbortSignal.timeout(PATIENCE_MS), metadata: headers });
}
