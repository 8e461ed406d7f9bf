import type { Readable } from 'node:stream';
import type { SolveStatus } from '../buildkit/control/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import type { OciStore } from '../registry/layout/index.ts';
import {
  type Attachable,
  authAttachable,
  contentAttachable,
  createSession,
  exportAttachable,
  type ExportTarget,
  filesyncAttachable,
  secretsAttachable,
  type SessionHost,
  sshAttachable,
  uploadAttachable,
} from '../session/index.ts';
import type { Forwarded } from './forwarded.ts';

export interface BuildSession {
  readonly id: string;
  readonly sharedKey: string;
  readonly localDirs: ReadonlyMap<string, string>;
  readonly uploads: ReadonlyMap<string, Readable>;
  /** Of the exporters' data, by their position. */
  readonly targets: ReadonlyMap<number, ExportTarget>;
  readonly forwarded: Forwarded;
  /** Content stores by the id under which the daemon asks for them. */
  readonly stores: ReadonlyMap<string, OciStore>;
  /** Gives credentials and tokens. Default: one of this session's own. */
  readonly auth?: Attachable | undefined;
  readonly config: DockerConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onStatus: (status: SolveStatus) => void;
  readonly onWarning: (message: string) => void;
}

/** The session of a build, with what its inputs and outputs need and nothing more. */
export function openSession(build: BuildSession): SessionHost {
  const { id, sharedKey, localDirs, uploads, targets, stores, forwarded, config, env, ...tell } = build;
  const { auth = authAttachable({ config, env, ...tell }) } = build;
  const attachables = [auth];
  if (forwarded.secrets.size > 0) attachables.push(secretsAttachable(forwarded));
  // Without an agent, too: then the daemon says which one is missing in the words that users know.
  attachables.push(sshAttachable({ agents: forwarded.agents, onWarning: tell.onWarning }));
  if (localDirs.size > 0) {
    attachables.push(filesyncAttachable({ dirs: new Map([...localDirs].map(([name, root]) => [name, { root }])) }));
  }
  if (uploads.size > 0) attachables.push(uploadAttachable({ streams: uploads }));
  if (targets.size > 0) attachables.push(exportAttachable({ targets }));
  if (stores.size > 0) attachables.push(contentAttachable({ stores }));
  return createSession({ id, name: '', sharedKey, attachables });
}
