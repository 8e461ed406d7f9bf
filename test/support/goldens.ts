import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * Directory of the recorded goldens: `$TSBUILDX_GOLDENS`, or the large set in `shared/goldens` beside this repository (or
 * beside the local one that it was cloned from), or the part of it that is kept in the repository.
 */
export function goldensDir(): string {
  const given = process.env['TSBUILDX_GOLDENS'];
  if (given !== undefined) return given;
  const { stdout } = spawnSync('git', ['config', '--get', 'remote.origin.url'], { cwd: root, encoding: 'utf8' });
  const places = [root, stdout.trim()]
    .filter((place) => place.startsWith('/'))
    .map((place) => join(place, '../shared/goldens'));
  return places.find((place) => existsSync(place)) ?? join(root, 'test/golden/data');
}
