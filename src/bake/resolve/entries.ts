// Matches the cty forms of buildx util/buildflags: entries of targets as texts, or as objects.
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  type AttestSpec,
  type CacheSpec,
  type OutputEntry,
  parseAttest,
  parseCaches,
  parseOutput,
  parsePolicy,
  type PolicyConfig,
  parseSecret,
  parseSsh,
  type SecretEntry,
  type SshEntry,
} from '../../values/index.ts';
import {
  convertValue,
  friendlyName,
  listType,
  mapType,
  numberType,
  objectType,
  stringType,
  type Type,
  type Value,
  valueToJson,
} from '../cty/index.ts';
import type { TargetResources } from '../model/target.ts';
import { attributesOf, type Decoder, entriesOf, isText, texts } from './decode.ts';

export const entryType: Type = mapType(stringType);
export const secretType: Type = optionalObject({ id: stringType, src: stringType, env: stringType });
export const sshType: Type = optionalObject({ id: stringType, paths: listType(stringType) });
export const resourcesType: Type = optionalObject({
  memory: stringType,
  'memory-swap': stringType,
  'cpu-shares': numberType,
  'cpu-period': numberType,
  'cpu-quota': numberType,
  'cpuset-cpus': stringType,
  'cpuset-mems': stringType,
});

function optionalObject(attributes: Readonly<Record<string, Type>>): Type {
  return objectType(Object.entries(attributes), new Set(Object.keys(attributes)));
}

export const attests: Decoder<readonly AttestSpec[]> = entriesOf(entryType, (value) => {
  if (isText(value)) return [parseAttest(value.asString())];
  const { type = '', disabled, ...attrs } = attributesOf(value);
  return [{ type, disabled: disabled === undefined ? false : parseBool(disabled), attrs }];
});

function parseBool(text: string): boolean {
  const parsed = parseGoBool(text);
  if (parsed !== undefined) return parsed;
  throw new TsbuildxError('INVALID_ARGUMENT', `strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
}

export const caches: Decoder<readonly CacheSpec[]> = entriesOf(entryType, (value) => {
  if (isText(value)) return parseCaches([value.asString()]);
  const { type = '', ...attrs } = attributesOf(value);
  if (type !== '') return [{ type, attrs }];
  throw new TsbuildxError('INVALID_ARGUMENT', `type required for ${goQuote(valueToJson(value))}`);
});

export const outputs: Decoder<readonly OutputEntry[]> = entriesOf(entryType, (value) => {
  if (isText(value)) return [parseOutput(value.asString())];
  const { type = '', dest = '', ...attrs } = attributesOf(value);
  if (type !== '') return [{ type, dest: dest || undefined, attrs }];
  throw new TsbuildxError('INVALID_ARGUMENT', 'type is required for output');
});

function optionalMember(members: ReadonlyMap<string, Value>, name: string): Value | undefined {
  const member = members.get(name);
  return member?.isPresent ? member : undefined;
}

export const secrets: Decoder<readonly SecretEntry[]> = entriesOf(secretType, (value) => {
  if (isText(value)) return [parseSecret(value.asString())];
  const members = convertValue(value, secretType).asMembers();
  const text = (name: string): string => optionalMember(members, name)?.asString() ?? '';
  return [{ id: text('id'), src: text('src'), env: text('env') }];
});

export const sshKeys: Decoder<readonly SshEntry[]> = entriesOf(sshType, (value) => {
  if (isText(value)) return parseSsh([value.asString()]);
  const members = convertValue(value, sshType).asMembers();
  const paths = optionalMember(members, 'paths');
  return [{ id: optionalMember(members, 'id')?.asString() ?? '', paths: (paths && texts(paths)) ?? [] }];
});

export const policies: Decoder<readonly PolicyConfig[]> = entriesOf(entryType, (value) => {
  if (isText(value)) return [parsePolicy(value.asString())];
  if (value.type.kind !== 'object' && value.type.kind !== 'map') {
    const message = `map of string required, but have ${friendlyName(value.type)}`;
    throw new TsbuildxError('INVALID_ARGUMENT', message);
  }
  const fields = Array.from(value.asMembers()).flatMap(([key, member]) => {
    if (!member.isPresent) return [];
    const text = convertValue(member, stringType).asString();
    return isText(member) && text === '' ? [] : [`${key}=${text}`];
  });
  return fields.length === 0 ? [{ files: [] }] : [parsePolicy(fields.map(csvField).join(','))];
});

function csvField(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

export const resources: Decoder<TargetResources | undefined> = (value) => {
  const object = convertValue(value, resourcesType);
  if (object.isNull) return undefined;
  const members = object.asMembers();
  const text = (name: string): string | undefined => optionalMember(members, name)?.asString();
  const number = (name: string): bigint | undefined => {
    const member = optionalMember(members, name);
    if (member === undefined) return undefined;
    const found = member.asNumber().toInt64();
    if (found !== undefined) return found;
    const message = 'value must be a whole number, between -9223372036854775808 and 9223372036854775807';
    throw new TsbuildxError('INVALID_ARGUMENT', message);
  };
  return {
    memory: text('memory'),
    'memory-swap': text('memory-swap'),
    'cpu-shares': number('cpu-shares'),
    'cpu-period': number('cpu-period'),
    'cpu-quota': number('cpu-quota'),
    'cpuset-cpus': text('cpuset-cpus'),
    'cpuset-mems': text('cpuset-mems'),
  };
};
