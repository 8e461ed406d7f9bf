// Matches client-go tools/clientcmd/loader.go: which files make up the configuration.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { isMissing } from '../../base/system-error.ts';
import type { Env } from '../../transport/index.ts';
import { emptyKubeconfig, type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts';

/**
 * Loads the file (or the list of files) `explicit`, which must be there, else those of KUBECONFIG, else `~/.kube/config`:
 * of these the missing ones are passed over. Throws INVALID_ARGUMENT and IO.
 */
export async function loadKubeconfig(explicit: string | undefined, env: Env): Promise<Kubeconfig> {
  const named = explicit === undefined || explicit === '' ? undefined : explicit;
  const files =
    named === undefined ? splitList(defaultKubeconfig(env)) : existsSync(named) ? [named] : splitList(named);
  const loaded: Kubeconfig[] = [];
  let missing: unknown;
  for (const file of files) {
    try {
      loaded.push(await parseKubeconfig(await readFile(file, 'utf8'), file));
    } catch (cause) {
      if (cause instanceof TsbuildxError) throw cause;
      if (!isMissing(cause)) {
        const text = `error loading config file ${JSON.stringify(file)}: ${messageOf(cause)}`;
        throw new TsbuildxError('IO', text, { cause });
      }
      missing ??= cause;
    }
  }
  if (named !== undefined && loaded.length === 0 && missing !== undefined) {
    throw new TsbuildxError('IO', `stat ${named}: no such file or directory`, { cause: missing });
  }
  return loaded.length === 0 ? emptyKubeconfig : mergeKubeconfigs(loaded);
}

/** What is read when nothing is named: a file, or a list of them. */
export function defaultKubeconfig(env: Env): string {
  const home = (process.platform === 'win32' ? env['USERPROFILE'] : env['HOME']) || homedir();
  return env['KUBECONFIG'] || join(home, '.kube', 'config');
}

function splitList(list: string): readonly string[] {
  return [...new Set(list.split(delimiter).filter((file) => file !== ''))];
}
