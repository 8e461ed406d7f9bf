import { type opentelemetry, toLong } from '../proto/index.ts';
import type { Attributes, AttributeValue } from './span.ts';

type KeyValue = opentelemetry.proto.common.v1.KeyValue.$Properties;
type AnyValue = opentelemetry.proto.common.v1.AnyValue.$Properties;

/** Attributes as messages. */
export function keyValues(attributes: Attributes): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): AnyValue {
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (typeof value !== 'number') return { array_value: { values: value.map(anyValue) } };
  return Number.isSafeInteger(value) ? { int_value: toLong(BigInt(value)) } : { double_value: value };
}
