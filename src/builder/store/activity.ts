import { join } from 'node:path';
import { TsbuildxError } from '../../base/errors.ts';
import { readIfThere } from './instances.ts';
import type { StateDir } from './state-dir.ts';

/** When the builder was used last, as far as buildx wrote it down. Throws IO, and INVALID_ARGUMENT (a broken file). */
export function lastActivity(dir: StateDir, builder: string): Date | undefined {
  const text = readIfThere(join(dir.path, 'activity', builder));
  if (text === undefined) return undefined;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isTime ? text : Number.NaN);
  if (Number.isNaN(time.valueOf())) {
    throw new TsbuildxError('INVALID_ARGUMENT', `activity of builder ${builder}: parsing time ${JSON.stringify(text)}`);
  }
  return time;
}
