// Matches Target.AddOverrides of buildx bake/bake.go.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  parseAttest,
  parseCaches,
  parseInt64,
  parseOutput,
  parsePolicy,
  parseSecret,
  parseSsh,
} from '../../values/index.ts';
import { uniqueAttests, uniqueCaches, uniqueOutputs, uniqueSecrets, uniqueSsh } from './merge.ts';
import { nearName } from './near-name.ts';
import type { Override } from './overrides.ts';
import { withLoad, withPush } from './shorthands.ts';
import type { NamedValues, Target, TargetResources } from './target.ts';

/** What the user allows by naming it on the command line. */
export interface Grants {
  readonly read: string[];
  readonly write: string[];
  networkHost: boolean;
  securityInsecure: boolean;
}

type Setter = (target: Target, override: Override, grants: Grants, name: string) => Partial<Target>;

/** Applies the overrides, outputs before what changes them. Adds to `grants`. Throws INVALID_ARGUMENT. */
export function applyOverrides(target: Target, overrides: readonly Override[], grants: Grants): Target {
  const ordered = overrides.toSorted((a, b) => rankOf(a.key) - rankOf(b.key));
  let changed = target;
  for (const override of ordered) {
    const [key = '', ...rest] = override.key.split('.');
    const set = Object.hasOwn(setters, key) ? setters[key] : undefined;
    if (set === undefined) {
      const hint = nearName(key, Object.keys(setters));
      throw invalid(`unknown key: ${key}${hint}`);
    }
    changed = { ...changed, ...set(changed, override, grants, rest.join('.')) };
  }
  grantSecrets(changed, ordered, grants);
  return changed;
}

/** Shorthands change the outputs that are set, and one secret those that are listed. */
function rankOf(key: string): number {
  return key === 'push' || key === 'load' || key.startsWith('secret.') ? 1 : 0;
}

/** Files of secrets that the command line names may be read. */
function grantSecrets(target: Target, overrides: readonly Override[], grants: Grants): void {
  const named = new Set(
    overrides.flatMap(({ key, values }) => {
      if (key.startsWith('secret.')) return [key.slice('secret.'.length)];
      return key === 'secrets' ? values.filter((text) => text !== '').map((text) => parseSecret(text).id) : [];
    }),
  );
  for (const { id, src } of target.secrets ?? []) if (named.has(id) && src !== '') grants.read.push(src);
}

function added<T>({ appends }: Override, base: readonly T[] | undefined, entries: readonly T[]): readonly T[] {
  return appends ? [...(base ?? []), ...entries] : entries;
}

/** Entries; what is wrong with one is told in the words of the reference. */
function entries<T>({ values }: Override, parse: (text: string) => T, what = 'outputs'): T[] {
  try {
    return values.filter((text) => text !== '').map(parse);
  } catch (error) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid value for ${what}: ${messageOf(error)}`, { cause: error });
  }
}

function text(property: keyof Target): Setter {
  return (_, { value }) => ({ [property]: value });
}

function texts(property: 'tags' | 'platforms' | 'noCacheFilter' | 'ulimits' | 'ignore'): Setter {
  return (target, override) => ({ [property]: added(override, target[property], override.values) });
}

/** `KEY.NAME=VALUE` */
function namedText(
  property: 'args' | 'labels' | 'extraHosts',
  key: string,
  nameKind: string,
  valueKind: string,
): Setter {
  return (target, { key: whole, value }, _, name) => {
    if (whole === key) {
      throw invalid(`invalid format for ${key}, expecting ${key}.<${nameKind}>=<${valueKind}>`);
    }
    const values: NamedValues = new Map([...(target[property] ?? []), [name, value]]);
    return { [property]: values };
  };
}

function bool(value: string, key: string): boolean {
  const parsed = parseGoBool(value);
  if (parsed !== undefined) return parsed;
  throw invalid(`invalid value ${value} for boolean key ${key}`);
}

const numbers: ReadonlySet<string> = new Set(['cpu-shares', 'cpu-period', 'cpu-quota']);
const amounts: ReadonlySet<string> = new Set(['memory', 'memory-swap', 'cpuset-cpus', 'cpuset-mems']);

const resources: Setter = (target, { value }, _, name) => {
  const withValue = (given: string | bigint): { resources: TargetResources } => ({
    resources: { ...target.resources, [name]: given },
  });
  if (amounts.has(name)) return withValue(value);
  if (!numbers.has(name)) {
    const hint = nearName(name, [...numbers, ...amounts]);
    throw invalid(`unknown resources key ${name}${hint}`);
  }
  try {
    return withValue(parseInt64(value));
  } catch (cause) {
    const message = `invalid value ${value} for int64 key resources.${name}`;
    throw new TsbuildxError('INVALID_ARGUMENT', message, { cause });
  }
};

const secret: Setter = (target, { value }, _, id) => {
  if (id === '') throw invalid('invalid format for secret, expecting secret.<id>=<value>');
  const list = target.secrets ?? [];
  if (!list.some((declared) => declared.id === id)) {
    const hint = nearName(
      id,
      list.map((declared) => declared.id),
    );
    throw invalid(`secret ${goQuote(id)} must be declared before it can be overridden${hint}`);
  }
  const next = parseSecret(value);
  if (next.id !== '' && next.id !== id) {
    throw invalid(`secret override id ${goQuote(next.id)} does not match declared secret ${goQuote(id)}`);
  }
  return { secrets: list.map((declared) => (declared.id === id ? { ...next, id } : declared)) };
};

const setters: Readonly<Record<string, Setter>> = {
  context: (target, { value }) => ({ context: value, bases: { ...target.bases, context: undefined } }),
  dockerfile: text('dockerfile'),
  ignore: texts('ignore'),
  'ignore-file': text('ignoreFile'),
  args: namedText('args', 'args', 'name', 'value'),
  contexts: (target, { value }, _, name) => ({ contexts: new Map([...(target.contexts ?? []), [name, value]]) }),
  labels: namedText('labels', 'labels', 'name', 'value'),
  tags: texts('tags'),
  policy: (target, override) => ({ policy: added(override, target.policy, override.values.map(parsePolicy)) }),
  'cache-from': (target, override, grants) => {
    const caches = parseCaches(override.values);
    const cacheFrom = override.appends ? uniqueCaches(added(override, target.cacheFrom, caches)) : caches;
    grants.read.push(...localPaths(cacheFrom, 'src'));
    return { cacheFrom };
  },
  'cache-to': (target, override, grants) => {
    const caches = parseCaches(override.values);
    const cacheTo = override.appends ? uniqueCaches(added(override, target.cacheTo, caches)) : caches;
    grants.write.push(...localPaths(cacheTo, 'dest'));
    return { cacheTo };
  },
  target: text('target'),
  call: text('call'),
  secret,
  secrets: (target, override) => ({
    secrets: uniqueSecrets(added(override, target.secrets, entries(override, parseSecret))),
  }),
  ssh: (target, override, grants) => {
    const ssh = uniqueSsh(added(override, target.ssh, parseSsh(override.values)));
    grants.read.push(...(ssh ?? []).flatMap(({ paths }) => paths));
    return { ssh };
  },
  platform: texts('platforms'),
  output: (target, override, grants) => {
    const parsed = entries(override, parseOutput);
    const outputs = override.appends ? uniqueOutputs(added(override, target.outputs, parsed)) : parsed;
    grants.write.push(...(outputs ?? []).flatMap(({ dest }) => dest ?? []));
    return { outputs };
  },
  entitlements: (target, { values }, grants) => {
    if (values.includes('network.host')) grants.networkHost = true;
    if (values.includes('security.insecure')) grants.securityInsecure = true;
    return { entitlements: [...(target.entitlements ?? []), ...values] };
  },
  annotations: (target, { values }) => ({ annotations: [...(target.annotations ?? []), ...values] }),
  attest: (target, override) => ({
    attest: uniqueAttests([...(target.attest ?? []), ...entries(override, parseAttest, 'attest')]),
  }),
  'no-cache': (_, { value }) => ({ noCache: bool(value, 'no-cache') }),
  'no-cache-filter': texts('noCacheFilter'),
  'shm-size': text('shmSize'),
  ulimits: texts('ulimits'),
  resources,
  network: text('network'),
  pull: (_, { value }) => ({ pull: bool(value, 'pull') }),
  push: (target, { value }) => ({ outputs: withPush(target.outputs, bool(value, 'push')) }),
  load: (target, { value }) => ({ outputs: withLoad(target.outputs, bool(value, 'load')) }),
  'extra-hosts': namedText('extraHosts', 'extra-hosts', 'hostname', 'ip'),
};

function localPaths(
  caches: readonly { readonly type: string; readonly attrs: Readonly<Record<string, string>> }[] | undefined,
  key: string,
): string[] {
  return (caches ?? []).flatMap(({ type, attrs }) => (type === 'local' ? (attrs[key] ?? []) : []));
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
