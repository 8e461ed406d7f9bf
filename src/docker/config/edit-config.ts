import { realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParseError } from 'jsonc-parser';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { isMissing } from '../../base/system-error.ts';
import { makeDirectories, replaceFile } from '../../files/index.ts';

/** As the docker CLI writes it. */
const INDENT = '\t';
const EMPTY = `{\n${INDENT}"auths": {}\n}`;

/**
 * Sets what `docker NAME` runs instead, or with undefined takes that away, in config.json of `dir`; everything else stays as it
 * is written there. Rejects with INVALID_ARGUMENT (a broken file), IO.
 */
export async function setDockerAlias(dir: string, name: string, value: string | undefined): Promise<void> {
  const path = resolved(join(dir, 'config.json'));
  const text = await readText(path);
  if (text === undefined && value === undefined) return;
  const { applyEdits, modify, parse } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  const before = text === undefined || text.trim() === '' ? EMPTY : text;
  const config: unknown = parse(before, errors);
  if (errors.length > 0 || typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new TsbuildxError('INVALID_ARGUMENT', `parsing config file (${path}): not valid JSON`);
  }
  const aliases: unknown = Reflect.get(config, 'aliases');
  const others =
    typeof aliases === 'object' && aliases !== null ? Object.keys(aliases).filter((key) => key !== name) : [];
  const at = value === undefined && others.length === 0 ? ['aliases'] : ['aliases', name];
  const tab = /^( +)"/m.exec(before)?.[1];
  const formattingOptions = { insertSpaces: tab !== undefined, tabSize: tab?.length ?? 1, eol: '\n' };
  // what stands on one line shall go on to
  const options = before.includes('\n') ? { formattingOptions } : {};
  const after = applyEdits(before, modify(before, at, value, options));
  try {
    makeDirectories(dir, 0o755);
    await replaceFile(path, after, text === undefined ? 0o600 : statSync(path).mode & 0o777);
  } catch (error) {
    throw wrap('IO', 'could not write docker config', error);
  }
}

/** The file itself where config.json is a link to one: that is what is replaced. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw wrap('IO', 'could not read docker config', error);
  }
}
