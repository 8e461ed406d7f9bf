import { messageOf } from '../../src/base/errors.ts';
import { lintReport, warningsText } from '../../src/dockerfile/calls/index.ts';
import { lintDockerfile, type PreparedFrontend, prepareFrontend } from '../../src/dockerfile/frontend/index.ts';
import { isRecord } from './compare.ts';
import { normalise, rangeJson, warningJson } from './convert.ts';
import type { GoldenMode } from './mode.ts';
import { createWorld } from './world.ts';
import { anySuggestion } from './suggestions.ts';

const { signal } = new AbortController();

export const mode: GoldenMode = {
  async run(request) {
    let frontend: PreparedFrontend;
    try {
      frontend = await prepareFrontend(createWorld(request), { signal });
    } catch (error) {
      return { id: request.id, ok: false, warnings: [], error: messageOf(error) };
    }
    const result = await lintDockerfile(frontend, { signal });
    const { warnings, error } = result;
    const text = warningsText(lintReport(result));
    return {
      id: request.id,
      ok: error === undefined,
      warnings: warnings.map(warningJson),
      ...(error === undefined ? {} : { error: error.message }),
      ...(error === undefined || error.ranges.length === 0 ? {} : { errorRanges: error.ranges.map(rangeJson) }),
      ...(text === '' ? {} : { text }),
    };
  },
  normalise: (response) => (isRecord(response) ? { ...normalise(response), ...textOf(response) } : response),
};

/** The printed warnings, without their order where that follows from one that is left to chance. */
function textOf({ text, warnings }: Readonly<Record<string, unknown>>): { readonly text?: unknown } {
  if (typeof text !== 'string') return {};
  const printed = anySuggestion(text);
  if (!Array.isArray(warnings) || !hasChanceOrder(warnings)) return { text: printed };
  return {
    text: printed
      .split(/\n(?=WARNING: )/)
      .sort()
      .join('\n'),
  };
}

/** Several unknown variables of one instruction, or several bases for another platform. */
function hasChanceOrder(warnings: readonly unknown[]): boolean {
  const seen = new Set<string>();
  for (const warning of warnings) {
    if (!isRecord(warning)) continue;
    const { rule, line } = warning;
    const key = rule === 'InvalidBaseImagePlatform' ? rule : `${String(rule)} ${String(line)}`;
    if ((rule === 'UndefinedVar' || rule === 'InvalidBaseImagePlatform') && seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}
