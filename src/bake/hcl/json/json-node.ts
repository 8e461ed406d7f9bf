// The syntax tree of JSON.
import type { BigFloat } from '../../cty/index.ts';
import type { SourceRange } from '../range.ts';

export interface JsonObject {
  readonly kind: 'object';
  /** In order, names may come more than once. */
  readonly properties: readonly JsonProperty[];
  readonly openRange: SourceRange;
  readonly closeRange: SourceRange;
  readonly range: SourceRange;
}

export interface JsonProperty {
  readonly name: string;
  readonly nameRange: SourceRange;
  readonly value: JsonNode;
}

export interface JsonArray {
  readonly kind: 'array';
  readonly values: readonly JsonNode[];
  readonly openRange: SourceRange;
  readonly range: SourceRange;
}

export interface JsonString {
  readonly kind: 'string';
  readonly value: string;
  readonly range: SourceRange;
}

export interface JsonNumber {
  readonly kind: 'number';
  readonly value: BigFloat;
  readonly range: SourceRange;
}

export interface JsonBool {
  readonly kind: 'bool';
  readonly value: boolean;
  readonly range: SourceRange;
}

/** Null, or what could not be parsed. */
export interface JsonNothing {
  readonly kind: 'null' | 'invalid';
  readonly range: SourceRange;
}

export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBool | JsonNothing;

/** Where a node begins: what diagnostics about its value point at. */
export function jsonStartRange(node: JsonNode): SourceRange {
  return node.kind === 'object' || node.kind === 'array' ? node.openRange : node.range;
}
