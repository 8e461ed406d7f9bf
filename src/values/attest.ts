import { csvFields } from '../base/csv-fields.ts';
import { TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { goQuote } from '../base/go-quote.ts';
import { cut } from './key-value.ts';

/** One `--attest`: what is told about the image beside it. Of several with one type the first counts. */
export interface AttestSpec {
  /** `provenance` or `sbom`. */
  readonly type: string;
  /** Not even by default. Default false. */
  readonly disabled?: boolean | undefined;
  /** `mode`, `generator` and so on, as `--attest` names them. */
  readonly attrs?: Readonly<Record<string, string>> | undefined;
}

/** The flags that ask for attestations: `--attest` and its shorthands, empty when they are not given. */
export interface AttestFlags {
  readonly attest: readonly string[];
  readonly provenance?: string | undefined;
  readonly sbom?: string | undefined;
}

/** Matches buildx commands/build.go and util/buildflags/attests.go. Throws INVALID_ARGUMENT. */
export function parseAttests({ attest, provenance, sbom }: AttestFlags): AttestSpec[] {
  const shorthands = Object.entries({ provenance, sbom }).flatMap(([type, value]) =>
    value === undefined || value === '' ? [] : [canonicalAttest(type, value)],
  );
  return [...attest, ...shorthands].map(parseAttest);
}

/** The `--attest` that a shorthand such as `--provenance=mode=max` or `--sbom=false` stands for. */
export function canonicalAttest(type: string, value: string): string {
  const isOn = parseGoBool(value);
  return isOn === undefined ? `type=${type},${value}` : `type=${type},disabled=${!isOn}`;
}

/** `type=TYPE[,disabled=BOOL][,key=value…]`. Throws INVALID_ARGUMENT. */
export function parseAttest(text: string): AttestSpec {
  let [type, disabled] = ['', false];
  const attrs: [string, string][] = [];
  for (const field of csvFields(text)) {
    const [key, value] = cut(field);
    if (value === undefined) throw invalid(`invalid value ${field}`);
    const name = key.toLowerCase().trim();
    if (name === 'type') type = value;
    else if (name === 'disabled') disabled = parseDisabled(value, field);
    else attrs.push([key, value]);
  }
  if (type === '') throw invalid('attestation type not specified');
  return { type, disabled, attrs: Object.fromEntries(attrs) };
}

function parseDisabled(value: string, field: string): boolean {
  const parsed = parseGoBool(value);
  if (parsed !== undefined) return parsed;
  throw invalid(`invalid value ${field}: strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
