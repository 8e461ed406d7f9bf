// Matches serialx/hashring with its default hash: which node a key belongs to.
import { createHash } from 'node:crypto';

/** The node that is next on the ring after the key; undefined when there are none. Each node is on the ring once. */
export function ringNode(nodes: readonly string[], key: string): string | undefined {
  const ring = nodes.map((node) => ({ node, at: position(`${node}-0`) })).toSorted((a, b) => compare(a.at, b.at));
  const at = position(key);
  return (ring.find((entry) => compare(at, entry.at) < 0) ?? ring[0])?.node;
}

interface Position {
  readonly high: bigint;
  readonly low: bigint;
}

/** MD5 as two signed little-endian numbers. */
function position(text: string): Position {
  const hash = createHash('md5').update(text).digest();
  return { high: hash.readBigInt64LE(0), low: hash.readBigInt64LE(8) };
}

function compare(a: Position, b: Position): number {
  if (a.high !== b.high) return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low ? 1 : 0;
}
