// Matches buildx store/store.go Current and SetCurrent: the builder that `use` chose, and for which engine.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { goJson } from '../../base/go-json.ts';
import { member, textMember } from '../../base/json-object.ts';
import { parseJson } from './instance-document.ts';
import { type Instance, readInstance } from './instances.ts';
import { readIfThere, type StateDir } from './state-dir.ts';

/** The file `current`. */
export interface CurrentChoice {
  /** The engine that it was made for: a docker context, or the address of an engine without one. */
  readonly key: string;
  /** Empty: that engine's own BuildKit. */
  readonly name: string;
  /** Whether it holds for all engines. */
  readonly global: boolean;
}

export interface CurrentBuilder {
  /** Undefined: the engine's own BuildKit. */
  readonly instance: Instance | undefined;
  /** What `current` shall hold from now on; undefined where that changes nothing. */
  readonly replaces: CurrentChoice | undefined;
}

/** The builder for the engine `key`, when none is named. Throws IO and INVALID_ARGUMENT (a broken file). */
export function currentBuilder(dir: StateDir, key: string): CurrentBuilder {
  const { name, ...choice } = readCurrent(dir);
  if (name !== '' && (choice.global || choice.key === key)) {
    const instance = readable(dir, name);
    if (instance !== undefined || choice.key === key) return { instance, replaces: undefined };
  }
  const fallback = readDefault(dir, key);
  const instance = fallback === undefined ? undefined : readable(dir, fallback);
  const replaces = name === '' ? undefined : { key, name: fallback ?? '', global: false };
  return { instance, replaces };
}

/** `{"Key":"unix:///…","Name":"mine","Global":false}` */
export function formatCurrent({ key, name, global }: CurrentChoice): string {
  return goJson({ Key: key, Name: name, Global: global });
}

/** Name of the file that holds the default of an engine. */
export function defaultFile(key: string): string {
  return join('defaults', createHash('sha256').update(key).digest('hex').slice(0, 20));
}

function readCurrent(dir: StateDir): CurrentChoice {
  const path = join(dir.path, 'current');
  const text = readIfThere(path);
  const value = text === undefined ? undefined : parseJson(text, path);
  return { key: textMember(value, 'Key'), name: textMember(value, 'Name'), global: member(value, 'Global') === true };
}

function readDefault(dir: StateDir, key: string): string | undefined {
  if (!existsSync(join(dir.path, 'defaults'))) return undefined; // no need for a digest, which takes milliseconds to load
  return readIfThere(join(dir.path, defaultFile(key)));
}

/** A builder whose file is broken is as good as none where nobody named it. */
function readable(dir: StateDir, name: string): Instance | undefined {
  try {
    return readInstance(dir, name);
  } catch {
    return undefined;
  }
}
