import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { member, textMembers } from '../../base/json-object.ts';
import { type StateDir, writeStateFile } from './state-dir.ts';

/**
 * What `--node-policy` remembers of a builder, in `tsbuildx/nodes/<builder>.json` of the state directory: `turn`, the number
 * of builds so far that took turns, and `last`, the node that built each source last, at most 256 of them.
 */
export interface NodeMemory {
  readonly turn: number;
  /** Name of a node by source, the oldest first. */
  readonly last: ReadonlyMap<string, string>;
}

const MAX_SOURCES = 256;

/** A file that is not there, or no longer what it was, is an empty memory. */
export function readNodeMemory(dir: StateDir, builder: string): NodeMemory {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(dir.path, fileOf(builder)), 'utf8'));
  } catch {
    value = undefined;
  }
  const turn = member(value, 'turn');
  return {
    turn: typeof turn === 'number' && Number.isSafeInteger(turn) && turn >= 0 ? turn : 0,
    last: new Map(Object.entries(textMembers(member(value, 'last')))),
  };
}

/** Builds that end at once may overwrite each other's memory: the last of them is remembered. Throws IO. */
export function writeNodeMemory(dir: StateDir, builder: string, { turn, last }: NodeMemory): void {
  const kept = Object.fromEntries([...last].slice(-MAX_SOURCES));
  writeStateFile(dir, fileOf(builder), `${JSON.stringify({ turn, last: kept })}\n`, { mode: 0o600 });
}

/** A short name of what is built: a context, its Dockerfile and a target. */
export function sourceKey(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 20);
}

/** Names of builders are letters, digits and `._-`, those of contexts anything without a slash. */
function fileOf(builder: string): string {
  return join('tsbuildx', 'nodes', `${encodeURIComponent(builder)}.json`);
}
