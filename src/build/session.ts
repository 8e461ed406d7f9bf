import type { SolveStatus } from '../buildkit/control/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import { authAttachable, createSession, filesyncAttachable, type SessionHost } from '../session/index.ts';
import type { Exporter } from './exporters.ts';

export interface BuildSession {
  readonly id: string;
  readonly sharedKey: string;
  readonly localDirs: ReadonlyMap<string, string>;
  readonly exporters: readonly Exporter[];
  readonly config: DockerConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onStatus: (status: SolveStatus) => void;
  readonly onWarning: (message: string) => void;
}

/** The session of a build, with what its inputs and outputs need and nothing more. */
export function openSession({ id, sharedKey, localDirs, config, env, ...tell }: BuildSession): SessionHost {
  const attachables = [authAttachable({ config, env, ...tell })];
  if (localDirs.size > 0) {
    attachables.push(filesyncAttachable({ dirs: new Map([...localDirs].map(([name, root]) => [name, { root }])) }));
  }
  return createSession({ id, name: '', sharedKey, attachables });
}
