// Matches ParseHCLFile of buildx bake/hcl.go.
import type { TsbuildxError } from '../../base/errors.ts';
import { type Body, diagnosticsText, parseHcl, parseHclJson } from '../hcl/index.ts';
import type { BakeFile } from '../setting.ts';
import { sound, withSource } from './hcl-error.ts';

/** A file of either syntax of HCL. */
export interface HclFile extends BakeFile {
  readonly body: Body;
}

/**
 * Parses a file; by its name the syntax is known, else both are tried, and what is wrong with the first becomes the error that
 * `unknownSyntax` makes. Throws errors with the place in the file.
 */
export function parseHclFile(file: BakeFile, unknownSyntax: (problem: string) => TsbuildxError): HclFile {
  try {
    return { ...file, body: parseBody(file, unknownSyntax) };
  } catch (error) {
    throw withSource(error, [file]);
  }
}

function parseBody(file: BakeFile, unknownSyntax: (problem: string) => TsbuildxError): Body {
  const { name } = file;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.data);
  if (name.endsWith('.json')) return sound(parseHclJson(text, name));
  if (name.endsWith('.hcl')) return sound(parseHcl(text, name));
  const native = parseHcl(text, `${name}.hcl`);
  if (native.diagnostics.length === 0) return native.value;
  const json = parseHclJson(text, `${name}.json`);
  if (json.diagnostics.length === 0) return json.value;
  throw unknownSyntax(diagnosticsText(native.diagnostics));
}
