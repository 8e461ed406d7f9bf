// Matches buildkit sourcepolicy/pb/json.go: the message as Go's encoding/json has it, enums by name or number.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { member, members } from '../../base/json-object.ts';
import { moby, toLong } from '../../proto/index.ts';

const { sourcepolicy } = moby.buildkit.v1;

/** A source policy for a Solve, from the JSON of it or from its encoded form. Throws INVALID_ARGUMENT. */
export function encodeSourcePolicy(data: Uint8Array): Uint8Array {
  try {
    return sourcepolicy.Policy.encode(policyMessage(JSON.parse(Buffer.from(data).toString()))).finish();
  } catch (cause) {
    if (isEncoded(data)) return data;
    throw new TsbuildxError('INVALID_ARGUMENT', `failed to parse source policy: ${messageOf(cause)}`, { cause });
  }
}

function isEncoded(data: Uint8Array): boolean {
  try {
    sourcepolicy.Policy.decode(data);
    return true;
  } catch {
    return false;
  }
}

function policyMessage(json: unknown): moby.buildkit.v1.sourcepolicy.Policy.$Properties {
  const rules = list(object(json, 'policy'), 'rules').map((rule) => ({
    action: choice(rule, 'action', sourcepolicy.PolicyAction),
    selector: optional(rule, 'selector', selectorMessage),
    updates: optional(rule, 'updates', updateMessage),
  }));
  return { version: toLong(BigInt(wholeNumber(json, 'version'))), rules };
}

function selectorMessage(json: unknown): moby.buildkit.v1.sourcepolicy.Selector.$Properties {
  return {
    identifier: text(json, 'identifier'),
    match_type: choice(json, 'match_type', sourcepolicy.MatchType),
    constraints: list(json, 'constraints').map((constraint) => ({
      key: text(constraint, 'key'),
      value: text(constraint, 'value'),
      condition: choice(constraint, 'condition', sourcepolicy.AttrMatch),
    })),
  };
}

function updateMessage(json: unknown): moby.buildkit.v1.sourcepolicy.Update.$Properties {
  const attrs = object(member(json, 'attrs') ?? {}, 'attrs');
  return {
    identifier: text(json, 'identifier'),
    attrs: Object.fromEntries(members(attrs).map(([name]) => [name, text(attrs, name)])),
  };
}

function optional<T>(json: unknown, name: string, read: (value: unknown) => T): T | null {
  const value = member(json, name) ?? null;
  return value === null ? null : read(object(value, name));
}

function object(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalid(`${name} must be an object`);
}

function list(json: unknown, name: string): readonly unknown[] {
  const value = member(json, name) ?? [];
  if (!Array.isArray(value)) throw invalid(`${name} must be a list`);
  return value.map((element) => object(element, `each of ${name}`));
}

function text(json: unknown, name: string): string {
  const value = member(json, name) ?? '';
  if (typeof value === 'string') return value;
  throw invalid(`${name} must be a string`);
}

function wholeNumber(json: unknown, name: string): number {
  const value = member(json, name) ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw invalid(`${name} must be a whole number`);
}

function choice<E extends number>(json: unknown, name: string, values: Readonly<Record<string, E | string>>): E {
  const value = member(json, name) ?? 0;
  const known = typeof value === 'string' ? values[value] : Object.values(values).find((number) => number === value);
  if (typeof known === 'number') return known;
  throw invalid(`invalid ${name} value: ${JSON.stringify(value)}`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
