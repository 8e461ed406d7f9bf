import { basePath } from '../../base/go-path.ts';
import { TsbuildxError } from '../../base/errors.ts';
import type { ExecSecret, ExecSshSocket } from '../../llb/index.ts';
import type { Mount, RunInstruction } from '../instructions/index.ts';
import type { EnvGetter } from '../shell/index.ts';

const secretMode = 0o400;
const socketMode = 0o600;

export function secretMount(mount: Mount): ExecSecret {
  const id = mount.source || mount.id || basePath(requiredTarget(mount));
  const asFile = mount.target || `/run/secrets/${basePath(id)}`;
  return {
    id,
    optional: !mount.required,
    env: mount.env,
    target: mount.env === undefined ? asFile : mount.target || undefined,
    ...ownership(mount, secretMode),
  };
}

export function sshMount(mount: Mount): ExecSshSocket {
  if (mount.source !== '') throw new TsbuildxError('DOCKERFILE', 'ssh does not support source');
  return { id: mount.id, target: mount.target, optional: !mount.required, ...ownership(mount, socketMode) };
}

/** The environment as the step's name shows it: variables filled from secrets are stars. */
export function secretEnv({ mounts }: RunInstruction, env: EnvGetter): EnvGetter {
  const secrets = new Set(
    mounts.flatMap((mount) => (mount.type === 'secret' && mount.env !== undefined ? [mount.env] : [])),
  );
  if (secrets.size === 0) return env;
  return {
    get: (name) => (secrets.has(name) ? '****' : env.get(name)),
    keys: () => [...env.keys().filter((name) => !secrets.has(name)), ...secrets],
  };
}

function requiredTarget({ target }: Mount): string {
  if (target === '') throw new TsbuildxError('DOCKERFILE', 'one of source, target required');
  return target;
}

function ownership({ uid, gid, mode }: Mount, defaultMode: number): { uid: number; gid: number; mode: number } {
  return { uid: uid ?? 0, gid: gid ?? 0, mode: mode ?? defaultMode };
}
