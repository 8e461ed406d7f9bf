// Matches frontend/subrequests: the calls that a frontend answers beside building, and how they describe themselves.
import type { GoJsonValue } from '../../base/go-json.ts';

/** One call in the form in which `subrequests.describe` lists it. */
export interface CallDefinition {
  /** Value of the frontend attribute `requestid`. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly opts: readonly CallPart[] | undefined;
  /** What its result has. */
  readonly metadata: readonly string[];
}

interface CallPart {
  readonly name: string;
  readonly description: string;
}

export const outlineCall: CallDefinition = {
  name: 'frontend.outline',
  version: '1.0.0',
  description: 'List all parameters current build target supports',
  opts: [{ name: 'target', description: 'Target build stage' }],
  metadata: ['result.json', 'result.txt'],
};

export const targetsCall: CallDefinition = {
  name: 'frontend.targets',
  version: '1.0.0',
  description: 'List all targets current build supports',
  opts: [],
  metadata: ['result.json', 'result.txt'],
};

export const describeCall: CallDefinition = {
  name: 'frontend.subrequests.describe',
  version: '1.0.0',
  description: 'List available subrequest types',
  opts: undefined,
  metadata: ['result.json', 'result.txt'],
};

export const lintCall: CallDefinition = {
  name: 'frontend.lint',
  version: '1.0.0',
  description: 'Lint a Dockerfile',
  opts: [],
  metadata: ['result.json', 'result.txt', 'result.statuscode'],
};

export const convertCall: CallDefinition = {
  name: 'frontend.convertllb',
  version: '0.1.0',
  description: 'Convert Dockerfile to LLB',
  opts: [],
  metadata: ['result.json'],
};

/** The calls that are told to who asks; the reference keeps its other two to itself, and so do we. */
export const describedCalls: readonly CallDefinition[] = [outlineCall, targetsCall, describeCall];

/** The answer to `subrequests.describe`. */
export function describeJson(): GoJsonValue {
  return describedCalls.map(({ name, version, description, opts, metadata }) => ({
    name,
    version,
    type: 'rpc',
    description,
    opts: opts === undefined ? null : opts.map((part) => ({ ...part })),
    inputs: null,
    metadata: metadata.map((part) => ({ name: part, description: '' })),
    refs: null,
  }));
}
