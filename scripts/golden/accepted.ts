import { readFileSync } from 'node:fs';
import { isRecord } from './compare.ts';

/** A case where doing otherwise than the reference is better for the user. */
interface Accepted {
  readonly mode: string;
  /** The id of a case; a `*` at its end stands for the rest. */
  readonly id: string;
  /** The field concerned, as the comparison names it; every field when absent. */
  readonly field?: string;
  readonly reason: string;
}

const list: readonly Accepted[] = readList(new URL('../../test/golden/differences.json', import.meta.url));

/** Whether a difference stands in the list of those that are meant. */
export function acceptedDifference(mode: string, id: string, difference: string): boolean {
  return list.some(
    (entry) =>
      entry.mode === mode &&
      (entry.id.endsWith('*') ? id.startsWith(entry.id.slice(0, -1)) : id === entry.id) &&
      (entry.field === undefined || difference.startsWith(entry.field)),
  );
}

function readList(file: URL): Accepted[] {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(parsed)) throw new Error(`${file.pathname}: no list`);
  return parsed.map((entry: unknown) => {
    if (isAccepted(entry)) return entry;
    throw new Error(`${file.pathname}: an entry needs mode, id and reason: ${JSON.stringify(entry)}`);
  });
}

function isAccepted(entry: unknown): entry is Accepted {
  if (!isRecord(entry)) return false;
  const { mode, id, field, reason } = entry;
  return (
    typeof mode === 'string' &&
    typeof id === 'string' &&
    (field === undefined || typeof field === 'string') &&
    typeof reason === 'string'
  );
}
