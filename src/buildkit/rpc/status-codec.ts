// google.rpc.Status and its details. Matches BuildKit's util/grpcerrors: details are JSON of the message, by type URL.
import { google } from '../../proto/index.ts';
import type { ErrorDetail, ErrorRange, ErrorSource } from './details.ts';

/** The error model of gRPC, decoded. */
export interface StatusMessage {
  readonly code: number;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
}

const PREFIX = 'github.com/moby/buildkit/';

/** Decodes an encoded `google.rpc.Status`; undefined when it is not one. */
export function decodeStatus(bytes: Uint8Array): StatusMessage | undefined {
  let status: google.rpc.Status;
  try {
    status = google.rpc.Status.decode(bytes);
  } catch {
    return undefined;
  }
  return {
    code: status.code,
    message: status.message,
    details: status.details.map((any) => decodeDetail(any.type_url ?? '', any.value ?? new Uint8Array())),
  };
}

/** Encodes a `google.rpc.Status` with the sources that the error is about. */
export function encodeStatus(code: number, message: string, sources: readonly ErrorSource[]): Uint8Array {
  return google.rpc.Status.encode({ code, message, details: sources.map(encodeSource) }).finish();
}

function encodeSource(source: ErrorSource): google.protobuf.Any.$Properties {
  const info = {
    filename: source.filename,
    data: Buffer.from(source.data).toString('base64'),
    language: source.language,
  };
  const json = JSON.stringify({ info, ranges: source.ranges });
  return { type_url: `${PREFIX}errdefs.Source+json`, value: Buffer.from(json) };
}

function decodeDetail(typeUrl: string, value: Uint8Array): ErrorDetail {
  const unknown: ErrorDetail = { kind: 'unknown', typeUrl, value };
  if (!typeUrl.startsWith(PREFIX)) return unknown;
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8'));
  } catch {
    return unknown;
  }
  switch (typeUrl.slice(PREFIX.length)) {
    case 'errdefs.Vertex+json':
      return { kind: 'vertex', digest: text(json, 'digest') };
    case 'errdefs.Source+json':
      return { kind: 'source', source: decodeSource(json) };
    case 'errdefs.Solve+json':
      return {
        kind: 'solve',
        solve: {
          inputIds: list(json, 'inputIDs').map(String),
          mountIds: list(json, 'mountIDs').map(String),
          op: field(json, 'op'),
          description: stringMap(field(json, 'description')),
        },
      };
    case 'errdefs.Frontend+json':
      return { kind: 'frontend', name: text(json, 'name'), source: text(json, 'source') };
    case 'errdefs.FrontendCap+json':
      return { kind: 'frontend-cap', name: text(json, 'name') };
    case 'errdefs.Subrequest+json':
      return { kind: 'subrequest', name: text(json, 'name') };
    case 'stack.Stack+json':
      return {
        kind: 'stack',
        stack: {
          pid: number(json, 'pid'),
          version: text(json, 'version'),
          revision: text(json, 'revision'),
          cmdline: list(json, 'cmdline').map(String),
          frames: list(json, 'frames').map((f) => ({
            name: text(f, 'Name'),
            file: text(f, 'File'),
            line: number(f, 'Line'),
          })),
        },
      };
    default:
      return unknown;
  }
}

function decodeSource(json: unknown): ErrorSource {
  const info = field(json, 'info');
  return {
    filename: text(info, 'filename'),
    data: Buffer.from(text(info, 'data'), 'base64'),
    language: text(info, 'language'),
    ranges: list(json, 'ranges').map(decodeRange),
  };
}

function decodeRange(json: unknown): ErrorRange {
  const position = (at: unknown): ErrorRange['start'] => ({
    line: number(at, 'line'),
    character: number(at, 'character'),
  });
  return { start: position(field(json, 'start')), end: position(field(json, 'end')) };
}

function field(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name) ? Reflect.get(json, name) : undefined;
}

function text(json: unknown, name: string): string {
  const value = field(json, name);
  return typeof value === 'string' ? value : '';
}

function number(json: unknown, name: string): number {
  const value = field(json, name);
  return typeof value === 'number' ? value : 0;
}

function list(json: unknown, name: string): readonly unknown[] {
  const value = field(json, name);
  return Array.isArray(value) ? value : [];
}

function stringMap(json: unknown): Record<string, string> {
  if (typeof json !== 'object' || json === null) return {};
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, String(value)]));
}
