// Parsed JSON of others, read as Go's encoding/json does: names in any case, the wrong type is as good as absent.
import type { GoJsonValue } from './go-json.ts';

/** An object in parsed JSON. */
export type JsonObject = Readonly<Record<string, GoJsonValue | undefined>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of an object; none when the value is no object. */
export function members(value: unknown): [name: string, value: unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** The member of that name, in any case of letters when none is written exactly so. */
export function member(value: unknown, name: string): unknown {
  const all = members(value);
  const exact = all.find(([key]) => key === name);
  if (exact !== undefined) return exact[1];
  return all.findLast(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The text of the member of that name; empty when it is absent or no text. */
export function textMember(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === 'string' ? found : '';
}

/** The members of an object that are texts. */
export function textMembers(value: unknown): Record<string, string> {
  const texts = members(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts);
}

/** The items of the list of that name; undefined when it is absent or no list. */
export function listMember(value: unknown, name: string): readonly unknown[] | undefined {
  const found = member(value, name);
  return Array.isArray(found) ? found : undefined;
}

/** As `listMember`, those that are texts. */
export function textList(value: unknown, name: string): readonly string[] | undefined {
  return listMember(value, name)?.filter((item) => typeof item === 'string');
}
