import type { GoJsonValue } from '../../base/go-json.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import {
  type CallDefinition,
  convertCall,
  describeCall,
  describeJson,
  lintCall,
  outlineCall,
  targetsCall,
} from './call-names.ts';
import { type Definition, spelledDefinitionJson } from '../../llb/index.ts';
import { lintReport, warningsText } from './lint-report.ts';
import { lintJson, type LintResult } from './lint-result.ts';
import { outlineJson } from './outline.ts';
import type { CallResponse } from './print.ts';
import { targetsJson } from './targets.ts';
import { describeText, outlineText, targetsText } from './text.ts';
import type { Outline } from '../convert/index.ts';

/** The answer to `outline`. */
export function outlineResponse(outline: Outline, dockerfile: Uint8Array): CallResponse {
  return response(outlineCall, outlineJson(outline, dockerfile), outlineText);
}

/** The answer to `targets`. Throws DockerfileError. */
export function targetsResponse(dockerfile: Uint8Array): CallResponse {
  return response(targetsCall, targetsJson(dockerfile), targetsText);
}

/** The answer to `subrequests.describe`. */
export function describeResponse(): CallResponse {
  return response(describeCall, describeJson(), describeText);
}

/** The answer to `lint`. */
export function lintResponse(result: LintResult): CallResponse {
  const isClean = result.warnings.length === 0 && result.error === undefined;
  return {
    ...response(lintCall, lintJson(result), () => warningsText(lintReport(result))),
    'result.statuscode': isClean ? '0' : '1',
  };
}

/** The answer to `convertllb`; it has no text. */
export function convertResponse(definition: Definition): CallResponse {
  return { 'result.json': goJsonIndented(spelledDefinitionJson(definition)), version: convertCall.version };
}

function response({ version }: CallDefinition, json: GoJsonValue, text: (json: unknown) => string): CallResponse {
  const result = goJsonIndented(json);
  return { 'result.json': result, 'result.txt': text(JSON.parse(result)), version };
}
