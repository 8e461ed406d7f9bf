// Matches frontend/attestations/parse.go: which attestations a build asks for.
import { csvFields } from '../../base/csv-fields.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { formatReference, parseNormalizedReference, withDefaultTag } from '../../oci/index.ts';

/** An SBOM that a build asks for. */
export interface SbomOptions {
  /** Full name of the image that scans. */
  readonly generator: string;
  /** What the scanner is told, `BUILDKIT_SCAN_<name>` in its environment. */
  readonly parameters: ReadonlyMap<string, string>;
}

const defaultGenerator = 'docker/buildkit-syft-scanner:stable-1';
const prefixes = ['attest:', 'build-arg:BUILDKIT_ATTEST_'];

/** The SBOM that the attributes ask for; provenance is the daemon's. Throws INVALID_ARGUMENT. */
export function parseSbom(opts: Readonly<Record<string, string>>): SbomOptions | undefined {
  const asked = new Map<string, string>();
  for (const [key, value] of Object.entries(opts)) {
    const prefix = prefixes.find((one) => key.startsWith(one));
    if (prefix !== undefined) asked.set(key.slice(prefix.length).toLowerCase(), value);
  }
  for (const type of asked.keys()) {
    if (type !== 'sbom' && type !== 'provenance') throw invalid(`unknown attestation type ${goQuote(type)}`);
  }
  const value = asked.get('sbom');
  if (value === undefined) return undefined;
  const parameters = new Map(value === '' ? [] : prefixed('failed to parse sbom', () => fieldsOf(value)));
  const generator = parameters.get('generator') ?? defaultGenerator;
  parameters.delete('generator');
  return {
    generator: prefixed(`failed to parse sbom scanner ${generator}`, () =>
      formatReference(withDefaultTag(parseNormalizedReference(generator))),
    ),
    parameters,
  };
}

function fieldsOf(text: string): [key: string, value: string][] {
  return csvFields(text).map((field) => {
    const [key = '', ...rest] = field.split('=');
    return [key, rest.join('=')];
  });
}

function prefixed<T>(what: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw invalid(`${what}: ${messageOf(cause)}`, cause);
  }
}

function invalid(message: string, cause?: unknown): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message, { cause });
}
