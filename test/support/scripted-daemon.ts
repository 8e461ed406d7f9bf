// A daemon that tells of a build what a test has written, at the times that it says: both programs show it.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import { messageOf } from '../../src/base/errors.ts';
import type { SolveStatus, UnixNano, Vertex, VertexStatus } from '../../src/buildkit/control/index.ts';
import { moby, toLong, toTimestamp } from '../../src/proto/index.ts';

/** What is told this long after the build began. */
export interface Told {
  readonly afterMs: number;
  readonly status: SolveStatus;
}

export interface ScriptedDaemon extends AsyncDisposable {
  /** `unix://…`, for a builder of the remote driver. */
  readonly address: string;
  /** What is told from now on; each build is told all of it, then fails with `the script has ended`. */
  script: readonly Told[];
  /** How many packets have left so far. */
  readonly told: number;
}

const { v1 } = moby.buildkit;

type Unary = ServerUnaryCall<Buffer, Buffer>;

export async function startScriptedDaemon(): Promise<ScriptedDaemon> {
  const path = join(tmpdir(), `tsbx-scripted-${crypto.randomUUID()}.sock`);
  const daemon = { script: [] as readonly Told[], told: 0 };
  const builds = new Map<string, Build>();
  const server = new Server();
  const buildOf = (ref: string): Build => {
    const known = builds.get(ref) ?? { internal: Promise.withResolvers(), ended: Promise.withResolvers() };
    builds.set(ref, known);
    return known;
  };
  const calledBuild = ({ metadata }: Unary): Build => buildOf(String(metadata.get('buildkit-controlapi-buildid')[0]));
  const fail = async ({ ended }: Build): Promise<never> => {
    await ended.promise;
    throw new Error('the script has ended');
  };

  server.addService(
    {
      ...definition('Control', ['ListWorkers', 'Info', 'Solve']),
      ...definition('Control', ['Session'], { requests: true, responses: true }),
      ...definition('Control', ['Status'], { responses: true }),
      ...definition('frontend.LLBBridge', ['Ping', 'Return', 'ResolveSourceMeta']),
    },
    {
      ListWorkers: answer(async () => v1.ListWorkersResponse.encode(workers).finish()),
      Info: answer(async () => v1.InfoResponse.encode({ buildkitVersion: { version: 'v0.25.0' } }).finish()),
      Solve: answer(async ({ request }) => {
        const { Ref, Internal } = v1.SolveRequest.decode(request);
        buildOf(Ref).internal.resolve(Internal);
        if (!Internal) await fail(buildOf(Ref));
        await buildOf(Ref).ended.promise;
        return v1.SolveResponse.encode({}).finish();
      }),
      // buildx asks for capabilities in a build of its own; a real one is to wait for what the script tells
      Ping: answer(async (call) => {
        const build = calledBuild(call);
        if (!(await build.internal.promise)) await fail(build);
        return v1.frontend.PongResponse.encode({ FrontendAPICaps: [{ ID: 'return', Enabled: true }] }).finish();
      }),
      Return: answer(async (call) => {
        calledBuild(call).ended.resolve();
        return new Uint8Array();
      }),
      ResolveSourceMeta: answer(async (call) => await fail(calledBuild(call))),
      Session: (call: ServerDuplexStream<Buffer, Buffer>) => {
        call
          .on('data', () => undefined)
          .on('end', () => call.end())
          .on('error', () => undefined);
      },
      Status: async (call: ServerWritableStream<Buffer, Buffer>) => {
        const build = buildOf(v1.StatusRequest.decode(call.request).Ref);
        if (await build.internal.promise) await build.ended.promise;
        else await tell(call, daemon);
        build.ended.resolve();
        call.end();
      },
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return Object.assign(daemon, {
    address: `unix://${path}`,
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown();
      await rm(path, { force: true });
    },
  });
}

interface Build {
  /** Whether it is no build that somebody asked for. */
  readonly internal: PromiseWithResolvers<boolean>;
  readonly ended: PromiseWithResolvers<void>;
}

const workers = { record: [{ ID: 'worker', platforms: [{ Architecture: 'amd64', OS: 'linux' }] }] };

async function tell(
  call: ServerWritableStream<Buffer, Buffer>,
  daemon: { readonly script: readonly Told[]; told: number },
): Promise<void> {
  const start = performance.now();
  for (const { afterMs, status } of daemon.script) {
    const wait = start + afterMs - performance.now();
    if (wait > 0) await delay(wait);
    if (!call.write(encodeStatus(status))) await new Promise((resolve) => call.once('drain', resolve));
    daemon.told++;
  }
}

function answer(work: (call: Unary) => Promise<Uint8Array>) {
  return (call: Unary, reply: sendUnaryData<Buffer>): void => {
    work(call).then(
      (bytes) => reply(null, Buffer.from(bytes)),
      (error: unknown) => reply({ code: status.UNKNOWN, details: messageOf(error) }),
    );
  };
}

function definition(service: string, names: readonly string[], stream: { requests?: true; responses?: true } = {}) {
  const same = (bytes: Buffer): Buffer => bytes;
  const methods = names.map((name) => ({
    path: `/moby.buildkit.v1.${service}/${name}`,
    requestStream: stream.requests === true,
    responseStream: stream.responses === true,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  }));
  return Object.fromEntries(names.map((name, i) => [name, methods[i]])) as Record<string, (typeof methods)[number]>;
}

function encodeStatus({ vertexes, statuses, logs, warnings }: SolveStatus): Buffer {
  const message = {
    vertexes: vertexes.map((vertex) => ({
      ...vertex,
      inputs: [...vertex.inputs],
      error: vertex.error ?? '',
      progressGroup: vertex.progressGroup ?? null,
      ...timesOf(vertex),
    })),
    statuses: statuses.map((status) => ({
      ...status,
      ID: status.id,
      total: toLong(status.total),
      current: toLong(status.current),
      timestamp: toTimestamp(status.timestamp),
      ...timesOf(status),
    })),
    logs: logs.map(({ vertex, stream, data, timestamp }) => ({
      vertex,
      stream: toLong(BigInt(stream)),
      msg: data,
      timestamp: toTimestamp(timestamp),
    })),
    warnings: warnings.map(({ vertex, level, short, detail, url }) => ({
      vertex,
      level: toLong(BigInt(level)),
      short,
      detail: [...detail],
      url: url ?? '',
    })),
  };
  return Buffer.from(v1.StatusResponse.encode(message).finish());
}

function timesOf({ started, completed }: Vertex | VertexStatus) {
  const time = (at: UnixNano | undefined) => (at === undefined ? null : toTimestamp(at));
  return { started: time(started), completed: time(completed) };
}
