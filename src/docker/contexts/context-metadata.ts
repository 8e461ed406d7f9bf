import { readFile } from 'node:fs/promises';
import { member } from '../../base/json-object.ts';
import { metaPath } from './store.ts';

/** A field of what a context of the store says of itself beyond its endpoints; undefined where there is none. */
export async function readContextField(configDir: string, name: string, field: string): Promise<unknown> {
  try {
    const meta: unknown = JSON.parse(await readFile(metaPath(configDir, name), 'utf8'));
    return member(member(meta, 'Metadata'), field);
  } catch {
    // whoever needs the context says what is wrong with it
    return undefined;
  }
}
