// 64-bit integers and timestamps at the border: protobufjs knows Long objects only (it encodes a bigint as 0).
import { util } from 'protobufjs/minimal.js';
import type { google } from './generated.js';

/** A 64-bit integer as the generated code takes and gives it. */
export type Long = NonNullable<google.protobuf.Timestamp.$Properties['seconds']>;

interface LongFactory {
  fromBits(low: number, high: number, unsigned?: boolean): Long;
}

const factory = util.Long as unknown as LongFactory;

/** A signed 64-bit integer for a message. Numbers must be integers. */
export function toLong(value: bigint | number): Long {
  const bits = BigInt.asUintN(64, BigInt(value));
  return factory.fromBits(Number(bits & 0xffffffffn) | 0, Number(bits >> 32n) | 0);
}

/** An unsigned 64-bit integer for a message. */
export function toUnsignedLong(value: bigint | number): Long {
  const bits = BigInt.asUintN(64, BigInt(value));
  return factory.fromBits(Number(bits & 0xffffffffn) | 0, Number(bits >> 32n) | 0, true);
}

/** A 64-bit integer of a message; 0 when it is absent. */
export function fromLong(value: Long | number | null | undefined): bigint {
  if (value === null || value === undefined) return 0n;
  if (typeof value === 'number') return BigInt(value);
  const high = value.unsigned ? value.high >>> 0 : value.high;
  return high === 0 ? BigInt(value.low >>> 0) : (BigInt(high) << 32n) | BigInt(value.low >>> 0);
}

/** Nanoseconds since the epoch; undefined when the timestamp is absent. */
export function fromTimestamp(value: google.protobuf.Timestamp.$Properties | null | undefined): bigint | undefined {
  if (value === null || value === undefined) return undefined;
  return fromLong(value.seconds) * 1_000_000_000n + BigInt(value.nanos ?? 0);
}

/** A timestamp message of nanoseconds since the epoch. */
export function toTimestamp(nanos: bigint): google.protobuf.Timestamp.$Properties {
  const rest = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return { seconds: toLong((nanos - rest) / 1_000_000_000n), nanos: Number(rest) };
}
