import type { SolveStatus } from '../buildkit/control/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import {
  type Attachable,
  authAttachable,
  createSession,
  exportAttachable,
  type ExportTarget,
  filesyncAttachable,
  type SessionHost,
} from '../session/index.ts';
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
export function openSession(build: BuildSession): SessionHost {
  const { id, sharedKey, config, env, onStatus } = build;
  const attachables: Attachable[] = [authAttachable({ config, env, onStatus })];
  if (build.localDirs.size > 0) {
    attachables.push(
      filesyncAttachable({ dirs: new Map([...build.localDirs].map(([name, root]) => [name, { root }])) }),
    );
  }
  const targets = new Map(
    build.exporters.flatMap(({ dest }, index): [number, ExportTarget][] => (dest === undefined ? [] : [[index, dest]])),
  );
  if (targets.size > 0) attachables.push(exportAttachable({ targets }));
  return createSession({ id, name: '', sharedKey, attachables });
}
