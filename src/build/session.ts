import type { SolveStatus } from '../buildkit/control/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import { type Attachable, createSession, type SessionHost } from '../session/index.ts';
import type { Exporter } from './exporters.ts';

export interface BuildSession {
  readonly id: string;
  readonly sharedKey: string;
  readonly localDirs: ReadonlyMap<string, string>;
  readonly exporters: readonly Exporter[];
  readonly config: DockerConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onStatus: (status: SolveStatus) => void;
}

/** The session of a build, with what its inputs and outputs need and nothing more. */
export function openSession({ id, sharedKey }: BuildSession): SessionHost {
  const attachables: Attachable[] = [];
  return createSession({ id, name: '', sharedKey, attachables });
}
