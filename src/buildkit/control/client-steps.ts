import type { SolveStatus, UnixNano, Vertex, VertexStatus } from './status.ts';
import { newDigest } from './identity.ts';

/** Shows what the client itself does as a step of the build. */
export interface ClientSteps {
  /** Runs `work` as the step `name`; it fails with it. `digest` names it to those who tell more of it; default: random. */
  run<T>(
    name: string,
    work: (transferred: StepProgress, tell: TellStatus, log: StepLog) => Promise<T>,
    digest?: string,
  ): Promise<T>;
  /** Whether a step of this digest is shown here. */
  shows(digest: string): boolean;
}

/** Tells bytes done under a label. */
export type StepProgress = (label: string, bytes: number) => void;

/** How far a part of a step is: a layer that is loaded. */
export interface ClientStatus {
  readonly id: string;
  readonly current: bigint;
  /** 0 when it is not known. */
  readonly total: bigint;
  readonly started: UnixNano;
  readonly completed: boolean;
}

export type TellStatus = (status: ClientStatus) => void;

/** Tells what a program of the step wrote. */
export type StepLog = (stream: 1 | 2, data: Uint8Array) => void;

/** Steps that nobody looks at. */
export const silentSteps: ClientSteps = {
  run: async (_, work) =>
    await work(
      () => {},
      () => {},
      () => {},
    ),
  shows: () => false,
};

/** Steps as status events, for `onStatus`. The names are BuildKit's: people search logs for them. */
export function createClientSteps(onStatus: (status: SolveStatus) => void): ClientSteps {
  const own = new Set<string>();
  return {
    async run(name, work, digest = newDigest()) {
      own.add(digest);
      const vertex: Vertex = { digest, inputs: [], name, started: now(), cached: false };
      const tell = (change: Partial<SolveStatus>): void =>
        onStatus({ vertexes: [], statuses: [], logs: [], warnings: [], ...change });
      tell({ vertexes: [vertex] });
      try {
        const result = await work(
          (label, bytes) => tell({ statuses: [transfer(digest, label, bytes)] }),
          (status) => tell({ statuses: [statusOf(digest, status)] }),
          (stream, data) => tell({ logs: [{ vertex: digest, stream, data, timestamp: now() }] }),
        );
        tell({ vertexes: [{ ...vertex, completed: now() }] });
        return result;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        tell({ vertexes: [{ ...vertex, completed: now(), error: message }] });
        throw error;
      }
    },
    shows: (digest) => own.has(digest),
  };
}

function transfer(vertex: string, label: string, bytes: number): VertexStatus {
  const at = now();
  return {
    id: label,
    name: 'transferring',
    vertex,
    total: 0n,
    current: BigInt(bytes),
    timestamp: at,
    started: at,
    completed: at,
  };
}

function statusOf(vertex: string, { completed, ...status }: ClientStatus): VertexStatus {
  const timestamp = now();
  return { ...status, vertex, name: '', timestamp, completed: completed ? timestamp : undefined };
}

/** The clock of status events: milliseconds of the system clock are as fine as people read them. */
export function now(): UnixNano {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3)) * 1000n;
}
