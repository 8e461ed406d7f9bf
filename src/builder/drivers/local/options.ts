import type { InstanceNode } from '../../store/index.ts';
import { boolOption, invalidOption } from '../options.ts';

export interface LocalOptions {
  readonly defaultLoad: boolean;
  /** More of the daemon's environment. */
  readonly env: Readonly<Record<string, string>>;
}

const ENV = 'env.';

/** Throws INVALID_ARGUMENT for options with which the daemon could not be run. */
export function readLocalOptions({ driverOpts }: InstanceNode): LocalOptions {
  const env: Record<string, string> = {};
  let defaultLoad = false;
  for (const [name, value] of Object.entries(driverOpts)) {
    if (name === ENV) throw invalidOption(`invalid env option "${ENV}", expecting env.FOO=bar`);
    if (name.startsWith(ENV)) env[name.slice(ENV.length)] = value;
    else if (name === 'default-load') defaultLoad = boolOption(value);
    else throw invalidOption(`invalid driver option ${name} for local driver`);
  }
  return { defaultLoad, env };
}
