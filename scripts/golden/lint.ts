import { messageOf } from '../../src/base/errors.ts';
import {
  lintDockerfile,
  lintText,
  type PreparedFrontend,
  prepareFrontend,
} from '../../src/dockerfile/frontend/index.ts';
import { sourceExcerpt } from '../../src/progress/index.ts';
import { isRecord } from './compare.ts';
import { normalise, rangeJson, warningJson } from './convert.ts';
import type { GoldenMode } from './mode.ts';
import { createWorld } from './world.ts';

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
    const text = lintText(result, sourceExcerpt);
    return {
      id: request.id,
      ok: error === undefined,
      warnings: warnings.map(warningJson),
      ...(error === undefined ? {} : { error: error.message }),
      ...(error === undefined || error.ranges.length === 0 ? {} : { errorRanges: error.ranges.map(rangeJson) }),
      ...(text === '' ? {} : { text }),
    };
  },
  normalise: (response) => (isRecord(response) ? normalise(response) : response),
};
