// Matches docker/cli command/cli_options.go: DOCKER_CUSTOM_HEADERS replaces HttpHeaders of config.json as a whole.
import { csvFields } from '../../base/csv-fields.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { HeaderPairs } from './client.ts';

export interface HeaderSources {
  /** `HttpHeaders` of config.json. */
  readonly httpHeaders?: Readonly<Record<string, string>> | undefined;
  /** Value of DOCKER_CUSTOM_HEADERS. */
  readonly customHeaders?: string | undefined;
}

const VARIABLE = 'DOCKER_CUSTOM_HEADERS environment variable';
/** The connection's own; a custom value would break it. */
const RESERVED = new Set(['host', 'connection', 'upgrade', 'content-length', 'transfer-encoding']);

/** Headers of every request to the engine, its user agent first. Throws INVALID_ARGUMENT. */
export function requestHeaders(sources: HeaderSources): HeaderPairs {
  const custom = new Map<string, readonly [string, string]>();
  custom.set('user-agent', ['User-Agent', 'tsbuildx']);
  for (const [name, value] of customHeaders(sources)) {
    const key = name.toLowerCase();
    if (!RESERVED.has(key)) custom.set(key, [name, value]);
  }
  return [...custom.values()];
}

function customHeaders({
  httpHeaders = {},
  customHeaders: text,
}: HeaderSources): readonly (readonly [string, string])[] {
  if (!text) return Object.entries(httpHeaders);
  let fields: readonly string[];
  try {
    fields = csvFields(text);
  } catch (cause) {
    const what = `failed to parse custom headers from ${VARIABLE}: value must be formatted as comma-separated key=value pairs`;
    throw new TsbuildxError('INVALID_ARGUMENT', what, { cause: new Error(messageOf(cause)) });
  }
  return fields.map((field) => {
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).trim();
    const failed = `failed to set custom headers from ${VARIABLE}`;
    if (key === '') {
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        `${failed}: value contains a key=value pair with an empty key: '${field}'`,
      );
    }
    if (equals < 0) throw new TsbuildxError('INVALID_ARGUMENT', `${failed}: missing "=" in key=value pair: '${field}'`);
    return [key, field.slice(equals + 1)] as const;
  });
}
