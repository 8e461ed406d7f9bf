// Matches buildx build/build.go withPolicyConfig: which policies count.
import { TsbuildxError } from '../base/errors.ts';
import type { PolicyConfig } from '../values/index.ts';
import { isTrueLoose } from './attributes.ts';

/**
 * Whether the policy beside the Dockerfile would be enforced. No policy can be evaluated, so others that count throw.
 * Throws INVALID_ARGUMENT, UNSUPPORTED.
 */
export function enforcesOwnPolicy(
  configs: readonly PolicyConfig[],
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (configs.some((config) => config.disabled === true)) {
    const [only, ...more] = configs;
    const { files = [], reset, strict, logLevel } = only ?? {};
    if (more.length > 0 || files.length > 0 || reset === true || strict !== undefined || logLevel !== undefined) {
      throw new TsbuildxError('INVALID_ARGUMENT', 'disabled policy cannot be combined with other policy flags');
    }
    return false;
  }
  if (isTrueLoose(env['BUILDX_DEFAULT_POLICY'])) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      'the default policy that BUILDX_DEFAULT_POLICY asks for cannot be evaluated yet: build with docker buildx, unset it, or use --policy disabled=true',
    );
  }
  const lastReset = configs.findLastIndex(({ reset }) => reset === true);
  const [file] = configs.slice(Math.max(lastReset, 0)).flatMap(({ files }) => files);
  if (file !== undefined) throw policyRefusal(file);
  return lastReset < 0;
}

export function policyRefusal(path: string): TsbuildxError {
  return new TsbuildxError(
    'UNSUPPORTED',
    `the policy ${path} cannot be evaluated yet: build with docker buildx, move the policy away, or use --policy disabled=true`,
  );
}
