// A BuildKit that builds nothing: it writes down what clients ask for, and lets every build end well.
import { type handleUnaryCall, type Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type google, moby } from '../../src/proto/index.ts';

const { v1 } = moby.buildkit;
const { frontend } = v1;

/** One Solve, as the daemon got it. */
export interface RecordedSolve {
  readonly frontendAttrs: Readonly<Record<string, string>>;
  readonly exporters: readonly Entry[];
  readonly cacheImports: readonly Entry[];
  readonly cacheExports: readonly Entry[];
  readonly entitlements: readonly string[];
  readonly internal: boolean;
  /** As JSON has it; undefined without one. */
  readonly sourcePolicy: unknown;
}

interface Entry {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export interface RecordingDaemon extends AsyncDisposable {
  /** `unix://…` */
  readonly address: string;
  /** Takes what was recorded since the last call, without the empty builds that only ask for capabilities. */
  take(): readonly RecordedSolve[];
}

const capabilities = [
  'file.base mergeop diffop exec.meta.base exec.meta.ulimit exec.meta.cdi exec.mount.tmpfs.size exec.meta.cgroup.parent',
  'exec.meta.linux.resources exec.mount.bind.readwrite-nooutput exec.meta.setsdefaultpath exec.meta.network',
  'exec.mount.bind exec.mount.selector exec.mount.tmpfs exec.mount.cache exec.mount.secret exec.mount.ssh exec.cgroup',
  'exec.meta.security exec.meta.proxyenv source.image source.image.resolvemode source.local source.local.unique',
  'source.local.sessionid source.local.includepatterns source.local.followpaths source.local.excludepatterns',
  'source.local.sharedkeyhint source.local.differ source.git source.http source.ocilayout source.policy constraints',
  'source.policy.session platform meta.ignorecache meta.description meta.exportcache cache.gha cache.s3 cache.azblob',
  'exporter.image.annotations exporter.image.attestations exporter.sourcedateepoch exporter.multiple exporter.session',
].flatMap((line) => line.split(' '));

type Bytes = Uint8Array;
/** Null: the build ended well. */
type Failure = google.rpc.Status.$Properties | null;

/** Serves on a socket of its own until it is disposed of. */
export async function startRecordingDaemon(): Promise<RecordingDaemon> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-recorder-'));
  const path = join(dir, 'buildkitd.sock');
  const recorded: RecordedSolve[] = [];
  /** Builds that go on until their client returns a result. */
  const running = new Map<string, (failure: Failure) => void>();
  /** Results that came before the build that they are of: the calls of a client go out at once. */
  const early = new Map<string, Failure>();

  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  const same = (bytes: Buffer): Buffer => bytes;
  const unary = (service: string, name: string, answer: (request: Bytes, metadata: Metadata) => Bytes): void => {
    const handler: handleUnaryCall<Buffer, Bytes> = (call, callback) =>
      callback(null, answer(call.request, call.metadata));
    define(service, name, handler, false);
  };
  const define = (service: string, name: string, handler: unknown, streams: boolean): void => {
    server.addService(
      {
        [name]: {
          path: `/${service}/${name}`,
          requestStream: streams && name === 'Session',
          responseStream: streams,
          requestSerialize: same,
          requestDeserialize: same,
          responseSerialize: same,
          responseDeserialize: same,
        },
      },
      { [name]: handler as handleUnaryCall<Buffer, Bytes> },
    );
  };

  const control = 'moby.buildkit.v1.Control';
  const version = { package: 'github.com/moby/buildkit', version: 'v0.32.0', revision: 'recorder' };
  const platforms = [{ Architecture: 'amd64', OS: 'linux' }];
  unary(control, 'ListWorkers', () =>
    v1.ListWorkersResponse.encode({ record: [{ ID: 'recorder', platforms, BuildkitVersion: version }] }).finish(),
  );
  unary(control, 'Info', () => v1.InfoResponse.encode({ buildkitVersion: version }).finish());
  define(control, 'Status', (call: { end(): void }) => call.end(), true);
  define(
    control,
    'Session',
    (call: { on(event: 'end' | 'data', listener: () => void): void; end(): void }) => {
      call.on('data', () => undefined);
      call.on('end', () => call.end());
    },
    true,
  );
  const solve: handleUnaryCall<Buffer, Bytes> = (call, callback) => {
    const request = v1.SolveRequest.decode(call.request);
    if (isBuild(request)) recorded.push(readSolve(request));
    const end = (failure: Failure): void => {
      if (failure === null) callback(null, v1.SolveResponse.encode({ ExporterResponse: {} }).finish());
      else callback({ code: status.UNKNOWN, details: failure.message ?? '' });
    };
    const result = early.get(request.Ref);
    if (result === undefined) running.set(request.Ref, end);
    else end(result);
  };
  define(control, 'Solve', solve, false);

  const bridge = 'moby.buildkit.v1.frontend.LLBBridge';
  const caps = capabilities.map((ID) => ({ ID, Enabled: true }));
  unary(bridge, 'Ping', () =>
    frontend.PongResponse.encode({
      FrontendAPICaps: [
        'solve.base',
        'resolveimage',
        'solve.allowresultreturn',
        'readfile',
        'readdir',
        'statfile',
        'import.caches',
        'return',
        'returnmap',
        'reference.output',
        'gateway.solve.metadata',
        'gateway.inputs',
        'frontend.inputs',
        'frontend.caps',
        'gateway.evaluate.solve',
        'gateway.evaluate',
        'gateway.warnings',
        'source.metaresolver',
      ].map((ID) => ({ ID, Enabled: true })),
      LLBCaps: caps,
      Workers: [{ ID: 'recorder', platforms }],
    }).finish(),
  );
  unary(bridge, 'Solve', () => frontend.SolveResponse.encode({ result: { refDeprecated: '', metadata: {} } }).finish());
  unary(bridge, 'ResolveSourceMeta', (bytes) => {
    const { Source } = frontend.ResolveSourceMetaRequest.decode(bytes);
    const image = {
      Digest: `sha256:${'0'.repeat(64)}`,
      Config: Buffer.from('{"architecture":"amd64","os":"linux","config":{"Cmd":["/scan"]}}'),
    };
    return frontend.ResolveSourceMetaResponse.encode({ Source: Source ?? null, Image: image }).finish();
  });
  unary(bridge, 'Evaluate', () => frontend.EvaluateResponse.encode({}).finish());
  unary(bridge, 'Warn', () => frontend.WarnResponse.encode({}).finish());
  unary(bridge, 'Return', (bytes, metadata) => {
    const ref = String(metadata.get('buildkit-controlapi-buildid')[0]);
    const failure = frontend.ReturnRequest.decode(bytes).error ?? null;
    const end = running.get(ref);
    if (end === undefined) early.set(ref, failure);
    else end(failure);
    return frontend.ReturnResponse.encode({}).finish();
  });

  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer((socket) => injector.injectConnection(socket));
  listener.listen(path);
  await once(listener, 'listening');
  return {
    address: `unix://${path}`,
    take: () => recorded.splice(0),
    async [Symbol.asyncDispose]() {
      injector.destroy();
      server.forceShutdown();
      listener.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Go's client starts every build with one that has no attributes, to learn the capabilities. */
function isBuild(request: moby.buildkit.v1.SolveRequest.$Properties): boolean {
  return Object.keys(request.FrontendAttrs ?? {}).length > 0;
}

function readSolve(request: moby.buildkit.v1.SolveRequest): RecordedSolve {
  const entry = ({ Type, Attrs }: { Type?: string | null; Attrs?: Record<string, string> | null }): Entry => ({
    type: Type ?? '',
    attrs: { ...Attrs },
  });
  return {
    frontendAttrs: { ...request.FrontendAttrs },
    exporters: request.Exporters.map(entry),
    cacheImports: (request.Cache?.Imports ?? []).map(entry),
    cacheExports: (request.Cache?.Exports ?? []).map(entry),
    entitlements: request.Entitlements,
    internal: request.Internal,
    sourcePolicy: request.SourcePolicy === null ? undefined : request.SourcePolicy,
  };
}
