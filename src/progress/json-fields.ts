// Field values as Go's encoding/json leaves them out: `undefined` stands for what `omitempty` drops.
import type { GoJsonValue } from '../base/go-json.ts';
import type { SourceRange, UnixNano } from '../buildkit/control/index.ts';

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

/** A Go map: sorted by key. */
export function mapField<T>(
  values: Readonly<Record<string, T>> | null | undefined,
  json: (value: T) => GoJsonValue,
): GoJsonValue | undefined {
  const entries = Object.entries(values ?? {});
  return entries.length === 0 ? undefined : new Map(entries.map(([key, value]) => [key, json(value)]));
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function bytesField(bytes: Uint8Array | null | undefined): string | undefined {
  return bytes === undefined || bytes === null || bytes.length === 0 ? undefined : base64(bytes);
}

export function rangesField(ranges: readonly SourceRange[]): GoJsonValue | undefined {
  return listField(ranges.map(({ start, end }) => ({ start: positionField(start), end: positionField(end) })));
}

function positionField({ line, character }: SourceRange['start']): GoJsonValue {
  return { line: numberField(line), character: numberField(character) };
}

/** RFC 3339 in UTC with as many digits of a second as it takes. */
export function timeField(time: UnixNano): string {
  const nanos = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = Number((time - nanos) / 1_000_000_000n);
  const whole = new Date(Math.min(Math.max(seconds, FIRST_SECOND), LAST_SECOND) * 1000).toISOString().slice(0, 19);
  const fraction = nanos === 0n ? '' : `.${nanos.toString().padStart(9, '0').replace(/0+$/, '')}`;
  return `${whole}${fraction}Z`;
}

// The years 0 to 9999: no others can be written.
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;
