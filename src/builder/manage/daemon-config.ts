// Matches buildx util/confutil/config.go: whose configuration a new daemon gets.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DaemonConfig, loadDaemonConfig } from '../drivers/daemon-config.ts';
import type { StateDir } from '../store/index.ts';

const DEFAULT_CONFIG = 'buildkitd.default.toml';

/** Drivers whose daemons others start. */
const CONFIGURED_BY_OTHERS = ['remote'];

/**
 * The file that is named, else the default one, where there is one and the daemon is ours to configure.
 * Rejects with IO and INVALID_ARGUMENT.
 */
export async function daemonConfig(
  named: string | undefined,
  driver: string,
  dir: StateDir,
): Promise<DaemonConfig | undefined> {
  if (named) return await loadDaemonConfig(named);
  const path = join(dir.path, DEFAULT_CONFIG);
  return !CONFIGURED_BY_OTHERS.includes(driver) && existsSync(path) ? await loadDaemonConfig(path) : undefined;
}
