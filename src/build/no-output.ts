// Matches warnOnNoOutput of buildx build/build.go.
import { parseGoBool } from '../base/go-bool.ts';
import type { BuilderNode } from '../builder/index.ts';
import type { BuildOptions } from './options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the environment says that nothing is loaded that nobody asked for; `warn` is told what it says in no word for a boolean. */
export function isWithoutDefault(env: Environment, warn: (message: string) => void): boolean {
  const value = env['BUILDX_NO_DEFAULT_LOAD'];
  const parsed = value === undefined ? false : parseGoBool(value);
  if (parsed === undefined) warn(`invalid non-bool value for BUILDX_NO_DEFAULT_LOAD: ${value}`);
  return parsed ?? false;
}

/** What is said of a build whose result goes nowhere; of targets, with their names unless it is `default` alone. */
export function noOutputWarning(driver: string, targets: readonly string[] = ['default']): string {
  const isPlain = targets.length === 1 && targets[0] === 'default';
  const whose = isPlain ? '' : `for ${targets.join(', ')} target(s) `;
  return (
    `No output specified ${whose}with ${driver} driver. Build result will only remain in the build cache. ` +
    'To push result image into registry use --push or to load image into docker use --load'
  );
}

/** What is said of all targets of which the results go nowhere; undefined when there is nothing to say. */
export function noOutputOfTargets(
  builds: ReadonlyMap<string, Pick<BuildOptions, 'outputs'>>,
  nodes: readonly Pick<BuilderNode, 'driver' | 'defaultLoad'>[],
  env: Environment,
): string | undefined {
  const node = nodes.find(({ driver }) => driver !== 'docker');
  if (node === undefined || node.defaultLoad || isWithoutDefault(env, () => {})) return undefined;
  const targets = Array.from(builds).flatMap(([name, { outputs = [] }]) => (outputs.length === 0 ? name : []));
  return targets.length === 0 ? undefined : noOutputWarning(node.driver, targets);
}
