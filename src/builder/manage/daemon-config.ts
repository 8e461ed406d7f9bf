import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TsbuildxError } from '../../base/errors.ts';
import type { StateDir } from '../store/index.ts';

/** What a new daemon is configured with. */
export interface DaemonConfig {
  readonly entitlements: readonly string[];
  /** Contents in base64, by name below `/etc/buildkit`. */
  readonly files: Readonly<Record<string, string>>;
}

const DEFAULT_CONFIG = 'buildkitd.default.toml';

/** The file that is named, else the default one where there is one. Rejects with UNSUPPORTED. */
export async function daemonConfig(named: string | undefined, dir: StateDir): Promise<DaemonConfig | undefined> {
  const path = named || join(dir.path, DEFAULT_CONFIG);
  if (!named && !existsSync(path)) return undefined;
  throw new TsbuildxError('UNSUPPORTED', `${path}: configuration of daemons is not supported yet`);
}
