import { hash } from 'node:crypto';
import { pb } from '../proto/index.ts';

/**
 * Whether two encoded `pb.Definition`s describe the same graph. BuildKit below 0.17 orders the fields of an op in another way,
 * so the digests of its ops are others, too. What is no definition is the same as nothing.
 */
export function isSameGraph(one: Uint8Array, other: Uint8Array): boolean {
  try {
    const [a, b] = [pb.Definition.decode(one).def, pb.Definition.decode(other).def];
    const [headA, headB] = [a.at(-1), b.at(-1)];
    if (headA === undefined || headB === undefined) return false;
    return Buffer.compare(headA, headB) === 0 || graphDigest(a) === graphDigest(b);
  } catch {
    return false;
  }
}

/** The digest of the head when all ops are encoded in one way. */
function graphDigest(ops: readonly Uint8Array[]): string | undefined {
  const known = new Map<string, string>();
  let last: string | undefined;
  for (const bytes of ops) {
    const op = pb.Op.decode(bytes);
    op.inputs = op.inputs.map((input) => ({ ...input, digest: known.get(input.digest ?? '') ?? input.digest ?? '' }));
    last = digestOf(pb.Op.encode(op).finish());
    known.set(digestOf(bytes), last);
  }
  return last;
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${hash('sha256', bytes)}`;
}
