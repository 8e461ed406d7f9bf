// fsutil's packets on the wire, written by hand: a packet for every file and every piece of one passes here.
import { TsbuildxError } from '../../base/errors.ts';
import type { Stat } from './stat.ts';

export const PacketType = { STAT: 0, REQ: 1, DATA: 2, FIN: 3, ERR: 4 } as const;

/** A packet that was received. `data` is a view on the message. */
export interface Packet {
  readonly type: number;
  readonly id: number;
  /** Undefined when the packet has none: the end of the list. */
  readonly stat: Stat | undefined;
  readonly data: Uint8Array;
}

/** Bytes before each message of gRPC. */
const PREFIX_BYTES = 5;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const EMPTY = new Uint8Array();

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

function varint64Bytes(value: bigint): number {
  if (value < 0n) return 10;
  const high = Number(value >> 28n);
  return high === 0 ? varintBytes(Number(value)) : 4 + varintBytes(high);
}

/** Writes a varint; the place behind it. */
function writeVarint(into: Buffer, at: number, value: number): number {
  let rest = value;
  while (rest >= 0x8000_0000) {
    into[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest >= 0x80) {
    into[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into[at++] = rest;
  return at;
}

/** In two halves of 28 bits and one of 8: numbers, because bigint arithmetic is slow. */
function writeVarint64(into: Buffer, at: number, value: bigint): number {
  const bits = BigInt.asUintN(64, value);
  let low = Number(bits & 0xfff_ffffn);
  let rest = Number(bits >> 28n);
  for (let i = 0; i < 4; i++) {
    if (rest === 0 && low < 0x80) {
      into[at++] = low;
      return at;
    }
    into[at++] = (low & 0x7f) | 0x80;
    low >>>= 7;
  }
  return writeVarint(into, at, rest);
}

/** What a stat's message with its prefix takes at most. */
export function statPacketBytes(stat: Stat): number {
  return PREFIX_BYTES + 6 + statBytes(stat, stat.path.length * 3, stat.linkname.length * 3);
}

function statBytes(stat: Stat, path: number, linkname: number): number {
  let bytes = 1 + varintBytes(path) + path;
  if (stat.mode !== 0) bytes += 1 + varintBytes(stat.mode);
  if (stat.uid !== 0) bytes += 1 + varintBytes(stat.uid);
  if (stat.gid !== 0) bytes += 1 + varintBytes(stat.gid);
  if (stat.size !== 0) bytes += 1 + varintBytes(stat.size);
  if (stat.modTime !== 0n) bytes += 1 + varint64Bytes(stat.modTime);
  if (linkname !== 0) bytes += 1 + varintBytes(linkname) + linkname;
  if (stat.devMajor !== 0) bytes += 1 + varintBytes(stat.devMajor);
  if (stat.devMinor !== 0) bytes += 1 + varintBytes(stat.devMinor);
  return bytes;
}

/** Writes a stat as a message with its prefix; the place behind it. */
export function writeStatPacket(into: Buffer, at: number, stat: Stat): number {
  const pathBytes = Buffer.byteLength(stat.path);
  const linkBytes = stat.linkname === '' ? 0 : Buffer.byteLength(stat.linkname);
  const size = statBytes(stat, pathBytes, linkBytes);
  const message = at + PREFIX_BYTES;
  let to = message;
  into[to++] = 0x12;
  to = writeVarint(into, to, size);
  into[to++] = 0x0a;
  to = writeVarint(into, to, pathBytes);
  to += into.write(stat.path, to);
  to = writeField(into, to, 0x10, stat.mode);
  to = writeField(into, to, 0x18, stat.uid);
  to = writeField(into, to, 0x20, stat.gid);
  to = writeField(into, to, 0x28, stat.size);
  if (stat.modTime !== 0n) {
    into[to++] = 0x30;
    to = writeVarint64(into, to, stat.modTime);
  }
  if (linkBytes > 0) {
    into[to++] = 0x3a;
    to = writeVarint(into, to, linkBytes);
    to += into.write(stat.linkname, to);
  }
  to = writeField(into, to, 0x40, stat.devMajor);
  to = writeField(into, to, 0x48, stat.devMinor);
  writePrefix(into, at, to - message);
  return to;
}

function writeField(into: Buffer, at: number, tag: number, value: number): number {
  if (value === 0) return at;
  into[at++] = tag;
  return writeVarint(into, at, value);
}

function writePrefix(into: Buffer, at: number, length: number): void {
  into[at] = 0;
  into.writeUInt32BE(length, at + 1);
}

/** Writes what stands before file data of this length; the place where the data goes. */
export function writeDataHead(into: Buffer, at: number, id: number, length: number): number {
  const head = 2 + (id === 0 ? 0 : 1 + varintBytes(id)) + (length === 0 ? 0 : 1 + varintBytes(length));
  writePrefix(into, at, head + length);
  let to = at + PREFIX_BYTES;
  into[to++] = 0x08;
  into[to++] = PacketType.DATA;
  to = writeField(into, to, 0x18, id);
  return writeField(into, to, 0x22, length);
}

/** Size of what `writeDataHead` writes. */
export function dataHeadBytes(id: number, length: number): number {
  return PREFIX_BYTES + 2 + (id === 0 ? 0 : 1 + varintBytes(id)) + (length === 0 ? 0 : 1 + varintBytes(length));
}

/** A packet without a stat as a message, without a prefix. */
export function encodePacket(type: number, id: number, data: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(2 + 6 + 6 + data.length);
  let to = writeField(bytes, 0, 0x08, type);
  to = writeField(bytes, to, 0x18, id);
  to = writeField(bytes, to, 0x22, data.length);
  bytes.set(data, to);
  return bytes.subarray(0, to + data.length);
}

/** Reads one packet. Errors: PROTOCOL. */
export function decodePacket(message: Uint8Array): Packet {
  const reader = new FieldReader(message);
  let type = 0;
  let id = 0;
  let stat: Stat | undefined;
  let data: Uint8Array = EMPTY;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) type = reader.varint();
    else if (tag === 0x12) stat = decodeStat(reader.bytes());
    else if (tag === 0x18) id = reader.varint();
    else if (tag === 0x22) data = reader.bytes();
    else reader.skip(tag);
  }
  return { type, id, stat, data };
}

/** Extended attributes are read over: they cannot be set from here. */
function decodeStat(message: Uint8Array): Stat {
  const reader = new FieldReader(message);
  const stat = { path: '', mode: 0, uid: 0, gid: 0, size: 0, modTime: 0n, linkname: '', devMajor: 0, devMinor: 0 };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) stat.path = reader.text();
    else if (tag === 0x10) stat.mode = reader.varint() >>> 0;
    else if (tag === 0x18) stat.uid = reader.varint() >>> 0;
    else if (tag === 0x20) stat.gid = reader.varint() >>> 0;
    else if (tag === 0x28) stat.size = reader.varint();
    else if (tag === 0x30) stat.modTime = reader.varint64();
    else if (tag === 0x3a) stat.linkname = reader.text();
    else if (tag === 0x40) stat.devMajor = reader.varint();
    else if (tag === 0x48) stat.devMinor = reader.varint();
    else reader.skip(tag);
  }
  return stat;
}

class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next field's tag, 0 at the end. */
  tag(): number {
    return this.#at >= this.#bytes.length ? 0 : this.varint();
  }

  /** Exact up to 2^53. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw malformed();
  }

  varint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift <= 63n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw malformed();
  }

  bytes(): Uint8Array {
    const length = this.varint();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed();
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  text(): string {
    try {
      return utf8.decode(this.bytes());
    } catch (error) {
      throw error instanceof TsbuildxError ? error : malformed();
    }
  }

  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.varint();
    else if (wireType === 2) this.bytes();
    else if (wireType === 1 || wireType === 5) {
      this.#at += wireType === 1 ? 8 : 4;
      if (this.#at > this.#bytes.length) throw malformed();
    } else throw malformed();
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw malformed();
    return byte;
  }
}

function malformed(): TsbuildxError {
  return new TsbuildxError('PROTOCOL', 'malformed packet in a file transfer');
}

/** Requests for files as messages with their prefixes. */
export function encodeRequests(ids: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(ids.length * (PREFIX_BYTES + 8));
  let at = 0;
  for (const id of ids) {
    const message = at + PREFIX_BYTES;
    let to = writeField(bytes, message, 0x08, PacketType.REQ);
    to = writeField(bytes, to, 0x18, id);
    writePrefix(bytes, at, to - message);
    at = to;
  }
  return bytes.subarray(0, at);
}
