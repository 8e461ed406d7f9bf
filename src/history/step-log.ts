// Matches buildx commands/history/inspect.go loadVertexLogs: same lines, empty ones left out.
import type { SolveStatus } from '../buildkit/control/index.ts';

export interface StepLog {
  /** Empty when the step was not told of. */
  readonly name: string;
  /** Of both of its streams, in the order in which they began. */
  readonly lines: readonly string[];
}

/** What one step of a build wrote. */
export async function stepLog(told: AsyncIterable<SolveStatus>, digest: string): Promise<StepLog> {
  const lines: Uint8Array[][] = [];
  /** The line of each stream that has not ended. */
  const open = new Map<number, Uint8Array[]>();
  let name = '';
  for await (const { vertexes, logs } of told) {
    name = vertexes.find((vertex) => vertex.digest === digest)?.name ?? name;
    for (const { vertex, stream, data } of logs) {
      if (vertex !== digest) continue;
      for (const [at, part] of splitLines(data).entries()) {
        const line = open.get(stream);
        if (at > 0 || line === undefined) {
          const started = part.length > 0 ? [part] : undefined;
          if (started !== undefined) lines.push(started);
          setOrDelete(open, stream, started);
        } else {
          line.push(part);
        }
      }
    }
  }
  return { name, lines: lines.map((parts) => Buffer.concat(parts).toString()) };
}

function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function splitLines(data: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let from = 0; ; ) {
    const end = data.indexOf(0x0a, from);
    if (end < 0) return [...parts, data.slice(from)];
    parts.push(data.slice(from, end));
    from = end + 1;
  }
}
