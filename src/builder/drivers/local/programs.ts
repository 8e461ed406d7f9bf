// What a buildkitd on this machine needs, and which of it is missing.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { TsbuildxError } from '../../../base/errors.ts';

/** This machine, as far as a daemon depends on it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly uid: number;
  readonly user: string;
  /** The path of a program; undefined when it is not on PATH. */
  readonly find: (program: string) => string | undefined;
  /** The text of a file; empty when it cannot be read. */
  readonly read: (path: string) => string;
}

export function thisMachine(find: Machine['find']): Machine {
  return {
    platform: process.platform,
    uid: process.getuid?.() ?? 0,
    get user() {
      return userInfo().username;
    },
    find,
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    },
  };
}

/**
 * The command that runs the daemon, without its arguments: for others than root within user namespaces of their own.
 * Throws UNSUPPORTED with all that is missing.
 */
export function daemonCommand({ platform, uid, user, find, read }: Machine): readonly string[] {
  if (platform !== 'linux') {
    throw new TsbuildxError('UNSUPPORTED', `the local driver runs on Linux only, not on ${platform}`);
  }
  const missing: string[] = [];
  const buildkitd = find('buildkitd');
  if (buildkitd === undefined) {
    missing.push('buildkitd is not on PATH (https://github.com/moby/buildkit/releases has it)');
  }
  if (find('buildkit-runc') === undefined && find('runc') === undefined) {
    missing.push('neither buildkit-runc nor runc is on PATH (buildkit-runc comes with buildkitd, runc is a package)');
  }
  if (uid === 0) {
    refuseMissing(missing);
    return [buildkitd ?? ''];
  }
  const rootlesskit = find('rootlesskit');
  if (rootlesskit === undefined) {
    missing.push('rootlesskit is not on PATH, which buildkitd needs for others than root (the package rootlesskit)');
  }
  for (const program of ['newuidmap', 'newgidmap']) {
    if (find(program) === undefined) missing.push(`${program} is not on PATH (the package uidmap)`);
  }
  for (const path of ['/etc/subuid', '/etc/subgid']) {
    const isGiven = read(path)
      .split('\n')
      .some((line) => [user, String(uid)].includes(line.split(':', 1)[0] ?? ''));
    if (!isGiven)
      missing.push(
        `${path} has no ids for ${user} (\`usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}\`)`,
      );
  }
  refuseMissing(missing);
  return [rootlesskit ?? '', buildkitd ?? ''];
}

function refuseMissing(missing: readonly string[]): void {
  if (missing.length === 0) return;
  const list = missing.length === 1 ? ` ${missing[0] ?? ''}` : missing.map((what) => `\n- ${what}`).join('');
  throw new TsbuildxError('UNSUPPORTED', `the local driver cannot run a daemon here:${list}`);
}
