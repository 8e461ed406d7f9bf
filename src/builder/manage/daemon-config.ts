// Matches buildx util/confutil/config.go: whose configuration a new daemon gets.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DaemonConfig, loadDaemonConfig } from '../drivers/daemon-config.ts';
import type { StateDir } from '../store/index.ts';

const DEFAULT_CONFIG = 'buildkitd.default.toml';

/** The file that is named, else the default one where there is one. Rejects with IO and INVALID_ARGUMENT. */
export async function daemonConfig(named: string | undefined, dir: StateDir): Promise<DaemonConfig | undefined> {
  const path = named || join(dir.path, DEFAULT_CONFIG);
  return named || existsSync(path) ? await loadDaemonConfig(path) : undefined;
}
