// Matches frontend/subrequests/targets: the stages of a Dockerfile.
import { decodeBytes } from '../../base/go-bytes.ts';
import type { GoJsonValue } from '../../base/go-json.ts';
import { base64, flagField, listField, textField } from '../../base/go-json-fields.ts';
import { parseInstructions } from '../instructions/index.ts';
import { parseSyntax } from '../syntax/index.ts';
import { locationField } from './location.ts';

/** All stages, in the order of the file; the last is what is built by default. Throws DockerfileError. */
export function targetsJson(dockerfile: Uint8Array): GoJsonValue {
  const { stages } = parseInstructions(parseSyntax(decodeBytes(dockerfile)), undefined);
  const targets = stages.map(({ from }, i) => ({
    name: textField(from.stageName),
    default: flagField(i === stages.length - 1),
    description: textField(from.docComment),
    base: textField(from.baseName),
    platform: textField(from.platform),
    location: locationField(from.lines),
  }));
  return { targets: listField(targets) ?? null, sources: [base64(dockerfile)] };
}
