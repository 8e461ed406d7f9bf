// Matches buildkit util/tracing/detect/otlp.go and go.opentelemetry.io/otel exporters/otlp/otlptrace: which variables of the
// environment say where telemetry goes, and which of them win.
import { TsbuildxError } from '../base/errors.ts';
import { type GoUrl, parseGoUrl } from '../base/go-url.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export type OtlpProtocol = 'grpc' | 'http/protobuf';

/** Where telemetry goes, and how. */
export interface OtlpSettings {
  readonly protocol: OtlpProtocol;
  /** `host`, `host:port`, or the path of a unix socket, which begins with a slash. */
  readonly host: string;
  /** Of requests over HTTP. */
  readonly path: string;
  readonly encrypted: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  /** Whether what goes over HTTP is compressed. */
  readonly gzip: boolean;
  /** Paths of files in PEM. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_HOSTS: Readonly<Record<OtlpProtocol, string>> = {
  grpc: 'localhost:4317',
  'http/protobuf': 'localhost:4318',
};
const TRACES_PATH = '/v1/traces';
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;

/** Whether the environment names a collector for spans: nothing else need be loaded where it does not. */
export function exportsTraces(env: Env): boolean {
  const exporter = env['OTEL_TRACES_EXPORTER'] ?? '';
  if (exporter !== '') return exporter !== 'none';
  return Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT']) || Boolean(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
}

/** The collector of the environment. Throws UNSUPPORTED for exporters and protocols that are none of ours, INVALID_ARGUMENT. */
export function traceSettings(env: Env): OtlpSettings {
  const exporter = env['OTEL_TRACES_EXPORTER'] ?? '';
  if (exporter !== '' && exporter !== 'otlp') {
    throw new TsbuildxError('UNSUPPORTED', `unsupported opentelemetry exporter ${exporter}: use otlp or none`);
  }
  const protocol =
    env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || ('grpc' satisfies OtlpProtocol);
  if (protocol !== 'grpc' && protocol !== 'http/protobuf') {
    throw new TsbuildxError('UNSUPPORTED', `unsupported otlp protocol ${protocol}: use grpc or http/protobuf`);
  }
  return otlpSettings(env, protocol);
}

/** The settings of a protocol as OpenTelemetry's variables have them; those of traces win. */
export function otlpSettings(env: Env, protocol: OtlpProtocol): OtlpSettings {
  const own = (name: string): string => env[`OTEL_EXPORTER_OTLP_TRACES_${name}`]?.trim() ?? '';
  const shared = (name: string): string => env[`OTEL_EXPORTER_OTLP_${name}`]?.trim() ?? '';
  const either = (name: string): string => own(name) || shared(name);
  const url = parseEndpoint(own('ENDPOINT')) ?? parseEndpoint(shared('ENDPOINT'));
  const isOwn = parseEndpoint(own('ENDPOINT')) !== undefined;
  const insecure = either('INSECURE');
  const pair = own('CLIENT_CERTIFICATE') && own('CLIENT_KEY') ? own : shared;
  const hasPair = pair('CLIENT_CERTIFICATE') !== '' && pair('CLIENT_KEY') !== '';
  const settings: OtlpSettings = {
    protocol,
    host: url === undefined ? DEFAULT_HOSTS[protocol] : hostOf(url),
    path: pathOf(url, isOwn),
    encrypted: insecure === '' ? !isPlain(url) : insecure.toLowerCase() !== 'true',
    headers: parseHeaders(either('HEADERS')),
    timeoutMs: parseTimeout(either('TIMEOUT')),
    gzip: either('COMPRESSION') === 'gzip',
    ca: either('CERTIFICATE') || undefined,
    cert: hasPair ? pair('CLIENT_CERTIFICATE') : undefined,
    key: hasPair ? pair('CLIENT_KEY') : undefined,
  };
  const hasMaterial = settings.ca !== undefined || settings.cert !== undefined;
  if (hasMaterial && !settings.encrypted && protocol === 'http/protobuf') {
    throw new TsbuildxError('INVALID_ARGUMENT', 'insecure HTTP endpoint cannot use TLS client configuration');
  }
  // over gRPC, certificates alone ask for encryption
  return hasMaterial ? { ...settings, encrypted: true } : settings;
}

/** An endpoint that is no URL is as good as none. */
function parseEndpoint(text: string): GoUrl | undefined {
  if (text === '') return undefined;
  try {
    return parseGoUrl(text);
  } catch {
    return undefined;
  }
}

function isPlain(url: GoUrl | undefined): boolean {
  return url !== undefined && ['http', 'unix'].includes(url.scheme.toLowerCase());
}

function hostOf({ scheme, host, path }: GoUrl): string {
  return scheme.toLowerCase() === 'unix' ? path : host;
}

/** The endpoint of traces is taken as it is; below that of all signals they have a place of their own. */
function pathOf(url: GoUrl | undefined, isOwn: boolean): string {
  if (url === undefined || url.scheme.toLowerCase() === 'unix') return TRACES_PATH;
  if (isOwn) return url.path === '' ? '/' : url.path;
  return `${url.path.replace(/\/+$/, '')}${TRACES_PATH}`;
}

/** `name=value,name=value`, values percent-encoded. What is no pair, or has no name, is passed over. */
function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    if (!HEADER_NAME.test(name)) continue;
    try {
      headers[name.toLowerCase()] = decodeURIComponent(pair.slice(at + 1)).trim();
    } catch {
      // a value that cannot be decoded is none
    }
  }
  return headers;
}

function parseTimeout(text: string): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return value > 0 ? value : DEFAULT_TIMEOUT_MS;
}
