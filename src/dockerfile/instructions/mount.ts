// Matches frontend/dockerfile/instructions/commands_runmount.go: same order of checks, same error texts.
import { csvFields } from '../../base/csv-fields.ts';
import { wrap } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { parseGoUint } from '../../base/go-int.ts';
import { goQuote } from '../../base/go-quote.ts';
import { toLower } from '../../base/go-unicode.ts';
import { parseRamBytes } from '../../base/ram-bytes.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { WordExpander } from './expand.ts';
import { failure } from './failure.ts';
import type { CacheSharing, Mount, MountType } from './types.ts';

type Draft = { -readonly [Field in keyof Mount]: Mount[Field] } & { readOnlyGiven: boolean };

const mountTypes: readonly MountType[] = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const sharings: readonly CacheSharing[] = ['shared', 'private', 'locked'];
const keys: readonly string[] =
  'type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env'.split(
    ' ',
  );

/**
 * Reads the value of `--mount`. Without `expand` nearly all is left for later, since values may hold variables:
 * only `from`, which may not, is read.
 */
export function parseMount(value: string, expand: WordExpander | undefined): Mount {
  const draft: Draft = {
    type: 'bind',
    from: '',
    source: '',
    target: '',
    readOnly: false,
    readOnlyGiven: false,
    sizeLimit: 0,
    id: '',
    sharing: '',
    required: false,
    env: undefined,
    mode: undefined,
    uid: undefined,
    gid: undefined,
  };
  for (const field of fieldsOf(value)) readField(draft, field, expand);
  return finished(draft);
}

function fieldsOf(value: string): string[] {
  try {
    return csvFields(value);
  } catch (error) {
    throw wrap('DOCKERFILE', 'failed to parse csv mounts', error);
  }
}

function readField(draft: Draft, field: string, expand: WordExpander | undefined): void {
  const eq = field.indexOf('=');
  const key = toLower(eq < 0 ? field : field.slice(0, eq));
  if (eq < 0) {
    if (expand !== undefined) readWord(draft, key, field);
    return;
  }
  const value = field.slice(eq + 1);
  if (expand !== undefined) {
    readPair(draft, key, expand(value), field);
  } else if (key === 'from') {
    const dollar = value.indexOf('$');
    if (dollar >= 0 && dollar !== value.length - 1) {
      throw failure(`'${key}' doesn't support variable expansion, define alias stage instead`);
    }
    draft.from = value;
  }
}

function readWord(draft: Draft, key: string, field: string): void {
  switch (key) {
    case 'readonly':
    case 'ro':
      setReadOnly(draft, true);
      return;
    case 'readwrite':
    case 'rw':
      setReadOnly(draft, false);
      return;
    case 'required':
      setRequired(draft, key, true);
      return;
    default:
      throw failure(`invalid field '${field}' must be a key=value pair`);
  }
}

function readPair(draft: Draft, key: string, value: string, field: string): void {
  switch (key) {
    case 'type':
      draft.type = oneOf(mountTypes, value, 'mount type');
      return;
    case 'from':
      draft.from = value;
      return;
    case 'source':
    case 'src':
      draft.source = value;
      return;
    case 'target':
    case 'dst':
    case 'destination':
      draft.target = value;
      return;
    case 'readonly':
    case 'ro':
      setReadOnly(draft, bool(key, value));
      return;
    case 'readwrite':
    case 'rw':
      setReadOnly(draft, !bool(key, value));
      return;
    case 'required':
      setRequired(draft, key, () => bool(key, value));
      return;
    case 'size':
      if (draft.type !== 'tmpfs') throw notFor(draft, key);
      draft.sizeLimit = size(key, value);
      return;
    case 'id':
      draft.id = value;
      return;
    case 'sharing':
      draft.sharing = oneOf(sharings, value, 'sharing value');
      return;
    case 'mode':
      draft.mode = uint(key, value, 8);
      return;
    case 'uid':
    case 'gid':
      draft[key] = uint(key, value, 10);
      return;
    case 'env':
      draft.env = value;
      return;
    default:
      throw failure(`unexpected key '${key}' in '${field}'${didYouMean(key, keys, { caseSensitive: true })}`);
  }
}

function setReadOnly(draft: Draft, readOnly: boolean): void {
  draft.readOnly = readOnly;
  draft.readOnlyGiven = true;
}

function setRequired(draft: Draft, key: string, required: boolean | (() => boolean)): void {
  if (draft.type !== 'secret' && draft.type !== 'ssh') throw notFor(draft, key);
  draft.required = typeof required === 'boolean' ? required : required();
}

function notFor(draft: Draft, key: string): Error {
  return failure(`unexpected key '${key}' for mount type '${draft.type}'`);
}

function oneOf<T extends string>(allowed: readonly T[], value: string, what: string): T {
  const found = allowed.find((name) => name === toLower(value));
  if (found !== undefined) return found;
  throw failure(
    `unsupported ${what} ${goQuote(value)}${didYouMean(value, allowed, { caseSensitive: true, unordered: true })}`,
  );
}

function bool(key: string, value: string): boolean {
  const parsed = parseGoBool(value);
  if (parsed === undefined) throw failure(`invalid value for ${key}: ${value}`);
  return parsed;
}

function size(key: string, value: string): number {
  try {
    return parseRamBytes(value);
  } catch {
    throw failure(`invalid value for ${key}: ${value}`);
  }
}

function uint(key: string, value: string, base: number): number {
  const parsed = parseGoUint(value, base, 32);
  if (parsed === undefined) throw failure(`invalid value ${value} for ${key}`);
  return parsed;
}

function finished(draft: Draft): Mount {
  const { readOnlyGiven, ...mount } = draft;
  checkOwnership(mount);
  if (mount.type === 'secret') checkSecret(mount);
  if (mount.sharing !== '' && mount.type !== 'cache') {
    throw failure(`invalid cache sharing set for ${mount.type} mount`);
  }
  return readOnlyGiven ? mount : { ...mount, readOnly: mount.type !== 'cache' && mount.type !== 'tmpfs' };
}

function checkOwnership(mount: Mount): void {
  if (mount.type === 'secret' || mount.type === 'ssh' || mount.type === 'cache') return;
  for (const field of ['mode', 'uid', 'gid'] as const) {
    if (mount[field] !== undefined) throw failure(`${field} not allowed for ${goQuote(mount.type)} type mounts`);
  }
}

function checkSecret(mount: Mount): void {
  if (mount.from !== '') throw failure('secret mount should not have a from');
  if (mount.sharing !== '') throw failure('secret mount should not define sharing');
  if (mount.source === '' && mount.target === '' && mount.id === '') {
    throw failure('invalid secret mount. one of source, target required');
  }
  if (mount.source !== '' && mount.id !== '') throw failure("both source and id can't be set");
}
