import type { Body } from './body.ts';
import type { Diagnosed, Diagnostic } from './diagnostic.ts';
import { JsonBody } from './json/json-body.ts';
import type { JsonNode } from './json/json-node.ts';
import { jsonStartRange } from './json/json-node.ts';
import { parseJson } from './json/parse-json.ts';
import { NativeBody } from './native-body.ts';
import { parseFileText } from './parse/parse.ts';
import { emptyRange, firstPosition } from './range.ts';

/**
 * Parses a file of the native syntax. The body is there whatever is wrong, but good for use only without diagnostics.
 * Bytes that are no UTF-8 are told from characters when the text comes from `decodeBytes`.
 */
export function parseHcl(text: string, filename: string): Diagnosed<Body> {
  const { value, diagnostics } = parseFileText(text, filename);
  return { value: new NativeBody(value), diagnostics };
}

/** Parses a file of the JSON syntax, as `parseHcl` does. */
export function parseHclJson(text: string, filename: string): Diagnosed<Body> {
  const { value, diagnostics } = parseJson(text, filename);
  if (value.kind === 'object' || value.kind === 'array') return { value: new JsonBody(value), diagnostics };
  const fault: Diagnostic = {
    summary: 'Root value must be object',
    detail: 'The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects.',
    subject: jsonStartRange(value),
  };
  return { value: new JsonBody(emptyObject(filename)), diagnostics: [...diagnostics, fault] };
}

function emptyObject(filename: string): JsonNode {
  const range = emptyRange(filename, firstPosition);
  return { kind: 'object', properties: [], openRange: range, closeRange: range, range };
}
