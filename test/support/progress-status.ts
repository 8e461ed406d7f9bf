// Status packets in few words, for tests of progress. Times are seconds after an epoch of the tests' own.
import type { SolveStatus, UnixNano, Vertex, VertexStatus } from '../../src/buildkit/control/index.ts';

export function at(seconds: number): UnixNano {
  return 1_800_000_000_000_000_000n + BigInt(Math.round(seconds * 1e9));
}

export function packet(parts: Partial<SolveStatus>): SolveStatus {
  return { vertexes: [], statuses: [], logs: [], warnings: [], ...parts };
}

/** A step; its name is its digest. */
export function vertex(name: string, started?: number, completed?: number, more: Partial<Vertex> = {}): Vertex {
  return {
    digest: name,
    inputs: [],
    name,
    started: started === undefined ? undefined : at(started),
    completed: completed === undefined ? undefined : at(completed),
    cached: false,
    ...more,
  };
}

export function steps(...vertexes: readonly Vertex[]): SolveStatus {
  return packet({ vertexes });
}

export function log(step: string, seconds: number, text: string | Uint8Array): SolveStatus {
  const data = typeof text === 'string' ? Buffer.from(text) : text;
  return packet({ logs: [{ vertex: step, stream: 1, data, timestamp: at(seconds) }] });
}

export function transfer(
  step: string,
  id: string,
  seconds: number,
  current: number,
  more: Partial<VertexStatus> = {},
): SolveStatus {
  const status = { id, vertex: step, name: id, total: 0n, current: BigInt(current), timestamp: at(seconds) };
  return packet({ statuses: [{ ...status, started: at(0), ...more }] });
}
