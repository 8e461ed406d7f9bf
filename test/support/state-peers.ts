// The same command run by Go's buildx and by this project's binary, each on a directory of its own with the same files.
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Ran } from './engine.ts';
import type { Peers, Side } from './peers.ts';

export interface StateCase {
  /** What is there, below the directory of config.json. */
  readonly files?: Readonly<Record<string, string>>;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
}

export interface StateOutcome extends Ran {
  /** Contents by path, with the mode before them. Times are left out, where the directory is, and the lock. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where the directory of a case is, in what it writes and tells. */
export const HOME = '/HOME';

export async function runOnState(peers: Peers, side: Side, state: StateCase): Promise<StateOutcome> {
  const root = mkdtempSync(join(tmpdir(), `tsbx-state-${side}-`));
  try {
    for (const [name, text] of Object.entries(state.files ?? {}))
      writeAt(join(root, name), text.replaceAll(HOME, root));
    const words = state.words.map((word) => word.replaceAll(HOME, root));
    const ran = await peers.run(side, words, {
      env: { DOCKER_CONFIG: root, BUILDX_CONFIG: undefined, BUILDKIT_HOST: undefined, ...state.env },
      stdin: state.stdin,
    });
    const plain = (text: string): string =>
      text
        .replaceAll(root, HOME)
        .replaceAll('docker-tsbuildx', 'docker-buildx')
        .replace(/ \(looked there because of [^)]*\)/g, '');
    const files = Object.fromEntries(
      filesBelow(root).map((path) => [path, plain(describeFile(join(root, path)))] as const),
    );
    return { code: ran.code, stdout: plain(ran.stdout), stderr: plain(ran.stderr), files };
  } finally {
    rmSync(root, { recursive: true });
  }
}

export function writeAt(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
}

function describeFile(path: string): string {
  const mode = (lstatSync(path).mode & 0o777).toString(8);
  const text = readFileSync(path, 'utf8');
  return `${mode} ${text.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, '<time>')}`;
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => path !== 'buildx/.lock' && !(path === 'buildx/current' && isNobody(join(root, path))))
    .sort();
}

/** That nothing is chosen can be said without a file too. */
function isNobody(path: string): boolean {
  return readFileSync(path, 'utf8').includes('"Name":""');
}
