// Matches EntitlementConf.Prompt of buildx bake/entitlements.go: what the user is asked.
import { posix } from 'node:path';
import { goQuote } from '../../base/go-quote.ts';
import type { Entitlements } from './entitlements.ts';

/** What is missing, in words and as flags that grant it. */
export interface EntitlementRequest {
  /** Nobody may do these without being asked. */
  readonly serious: readonly Privilege[];
  /** These can be allowed to all builds by the environment. */
  readonly files: readonly Privilege[];
}

export interface Privilege {
  readonly text: string;
  /** Value of `--allow`. */
  readonly flag: string;
}

/** Undefined: nothing is missing. `cwd` is absolute and without links. */
export function entitlementRequest(missing: Entitlements, cwd: string): EntitlementRequest | undefined {
  const { networkHost, securityInsecure, ssh, localDelete, devices } = missing;
  const serious: Privilege[] = [];
  if (networkHost) {
    serious.push({ text: 'Running build containers that can access host network', flag: 'network.host' });
  }
  if (securityInsecure) {
    const text = 'Running privileged containers that can make system changes';
    serious.push({ text, flag: 'security.insecure' });
  }
  if (devices.all) serious.push({ text: 'Access to CDI devices', flag: 'device' });
  else {
    for (const name of devices.names) serious.push({ text: `Access to device ${name}`, flag: `device=${name}` });
  }
  if (localDelete) {
    serious.push({ text: 'Deleting stale files from local output destinations', flag: 'buildx.local.delete' });
  }
  const files: Privilege[] = ssh ? [{ text: 'Forwarding default SSH agent socket', flag: 'ssh' }] : [];
  const both = missing.read.filter((path) => missing.write.includes(path));
  const pathPrivileges = (paths: readonly string[], what: string, key: string): void => {
    for (const path of paths.map((found) => shownPath(found, cwd))) {
      files.push({ text: `${what} access to path ${path}`, flag: `${key}=${path}` });
    }
  };
  pathPrivileges(both, 'Read and write', 'fs');
  pathPrivileges(
    missing.read.filter((path) => !both.includes(path)),
    'Read',
    'fs.read',
  );
  pathPrivileges(
    missing.write.filter((path) => !both.includes(path)),
    'Write',
    'fs.write',
  );
  return serious.length + files.length === 0 ? undefined : { serious, files };
}

/** Relative, unless that leads up further than one directory. */
function shownPath(path: string, cwd: string): string {
  const relative = posix.relative(cwd, path) || '.';
  return relative.startsWith('../..') ? path : relative;
}

export interface RequestSetting {
  /** The words that were typed, beginning with the program. */
  readonly words: readonly string[];
  /** Whether the user can answer. */
  readonly isInteractive: boolean;
}

/** The text of a request, with the flags and the command line that grant it. */
export function requestText({ serious, files }: EntitlementRequest, setting: RequestSetting): string {
  const all = [...serious, ...files];
  const flags = all.map(({ flag }) => `--allow=${flag}`).join(' ');
  const { words, isInteractive } = setting;
  const advice = isInteractive
    ? `In order to not see this message in the future pass ${goQuote(flags)} to grant requested privileges.`
    : `Pass ${goQuote(flags)} to grant requested privileges.`;
  const lines = [
    'Your build is requesting privileges for following possibly insecure capabilities:',
    '',
    ...all.map(({ text }) => ` - ${text}`),
    '',
    advice,
  ];
  const at = words.indexOf('bake');
  if (at >= 0) {
    const command = [...words.slice(0, at + 1), flags, ...words.slice(at + 1)].join(' ');
    lines.push('', 'Your full command with requested privileges:', '', command, '');
  }
  return `${lines.join('\n')}\n`;
}
