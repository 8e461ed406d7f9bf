// Matches the JSON of buildx bake --print: key by key in the order of its structs.
import type { GoJsonValue } from '../../base/go-json.ts';
import { flagField, listField, textField } from '../../base/go-json-fields.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import type { PolicyConfig } from '../../values/index.ts';
import type { Group, NamedValues, Target, TargetResources } from './target.ts';

/** Groups and targets as a bake file in JSON, indented. */
export function printDefinition(groups: ReadonlyMap<string, Group>, targets: ReadonlyMap<string, Target>): string {
  return goJsonIndented({
    group: groups.size === 0 ? undefined : mapValues(groups, groupJson),
    target: mapValues(targets, targetJson),
  });
}

function mapValues<T>(
  map: ReadonlyMap<string, T>,
  convert: (value: T) => GoJsonValue,
): ReadonlyMap<string, GoJsonValue> {
  return new Map(Array.from(map, ([key, value]) => [key, convert(value)]));
}

export function groupJson({ description, targets }: Group): GoJsonValue {
  return { description: textField(description), targets: targets ?? null };
}

export function targetJson(target: Target): GoJsonValue {
  return {
    description: textField(target.description),
    annotations: textsField(target.annotations?.map(escaped)),
    attest: entriesField(
      target.attest,
      ({ type, disabled, attrs = {} }) =>
        new Map<string, GoJsonValue>([
          ...Object.entries(attrs),
          ['type', type],
          ...(disabled ? [['disabled', true] as const] : []),
        ]),
    ),
    context: target.context,
    contexts: target.contexts?.size ? target.contexts : undefined,
    dockerfile: target.dockerfile,
    'dockerfile-inline': target.dockerfileInline === undefined ? undefined : escaped(target.dockerfileInline),
    args: valuesField(target.args),
    labels: valuesField(target.labels),
    tags: textsField(target.tags),
    'cache-from': entriesField(target.cacheFrom, ({ type, attrs }) => attributes(attrs, ['type', type])),
    'cache-to': entriesField(target.cacheTo, ({ type, attrs }) => attributes(attrs, ['type', type])),
    target: target.target,
    secret: entriesField(target.secrets, ({ id, src, env }) => ({
      id: textField(id),
      src: textField(src),
      env: textField(env),
    })),
    ssh: entriesField(target.ssh, ({ id, paths }) => ({ id: textField(id), paths: textsField(paths) })),
    platforms: textsField(target.platforms),
    output: entriesField(target.outputs, ({ type, dest, attrs }) =>
      attributes(attrs, ['type', type], ...(dest ? [['dest', dest] as const] : [])),
    ),
    pull: target.pull,
    'no-cache': target.noCache,
    network: target.network,
    'no-cache-filter': textsField(target.noCacheFilter),
    'shm-size': target.shmSize,
    ulimits: textsField(target.ulimits),
    resources: target.resources && resourcesJson(target.resources),
    call: target.call,
    entitlements: textsField(target.entitlements),
    'extra-hosts': valuesField(target.extraHosts),
    policy: entriesField(target.policy, policyJson),
    // no fields of buildx, which passes over them; an empty list means something
    ignore: target.ignore?.map(escaped),
    'ignore-file': textField(target.ignoreFile ?? ''),
  };
}

/** Texts in which the file format would see templates. */
function escaped(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, '$&$&');
}

function textsField(texts: readonly string[] | undefined): GoJsonValue | undefined {
  return listField(texts ?? []);
}

function entriesField<T>(
  entries: readonly T[] | undefined,
  convert: (entry: T) => GoJsonValue,
): GoJsonValue | undefined {
  return listField((entries ?? []).map(convert));
}

function attributes(
  attrs: Readonly<Record<string, string>>,
  ...more: readonly (readonly [string, string])[]
): GoJsonValue {
  return new Map([...Object.entries(attrs), ...more]);
}

function valuesField(values: NamedValues | undefined): GoJsonValue | undefined {
  if (values === undefined || values.size === 0) return undefined;
  return new Map(Array.from(values, ([name, value]) => [name, value === undefined ? null : escaped(value)]));
}

const resourceOrder = [
  'memory',
  'memory-swap',
  'cpu-shares',
  'cpu-period',
  'cpu-quota',
  'cpuset-cpus',
  'cpuset-mems',
] as const;

function resourcesJson(resources: TargetResources): GoJsonValue {
  return Object.fromEntries(resourceOrder.map((name) => [name, resources[name]]));
}

/** As Go prints a struct without names for JSON. */
function policyJson({ files, reset, disabled, strict, logLevel }: PolicyConfig): GoJsonValue {
  return {
    Files: files.length === 0 ? null : files.map((file) => ({ Filename: file, Data: null })),
    Reset: flagField(reset) ?? false,
    Disabled: flagField(disabled) ?? false,
    Strict: strict ?? null,
    LogLevel: logLevel ?? null,
  };
}
