// Field values as Go's encoding/json leaves them out: `undefined` stands for what `omitempty` drops.
import type { GoJsonValue } from './go-json.ts';
import type { ErrorPlace } from './sourced-error.ts';

export function textField(value: string | null | undefined): string | undefined {
  return value || undefined;
}

export function flagField(value: boolean | null | undefined): true | undefined {
  return value === true ? true : undefined;
}

export function numberField<T extends number | bigint>(value: T | null | undefined): T | undefined {
  return value === undefined || value === null || Number(value) === 0 ? undefined : value;
}

export function listField(values: readonly GoJsonValue[]): readonly GoJsonValue[] | undefined {
  return values.length === 0 ? undefined : values;
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function bytesField(bytes: Uint8Array | null | undefined): string | undefined {
  return bytes === undefined || bytes === null || bytes.length === 0 ? undefined : base64(bytes);
}

export function rangesField(ranges: ErrorPlace['ranges']): GoJsonValue | undefined {
  return listField(ranges.map(({ start, end }) => ({ start: positionField(start), end: positionField(end) })));
}

function positionField({ line, character }: ErrorPlace['ranges'][number]['start']): GoJsonValue {
  return { line: numberField(line), character: numberField(character) };
}
