// Matches detectSharedMounts of buildx build/build.go: a directory that several targets use is sent once.
import { newIdentity, type SessionDialer } from '../../buildkit/control/index.ts';
import { createSession, filesyncAttachable, type SessionHost } from '../../session/index.ts';
import type { BuildPlan } from '../plan-build.ts';

/** Sessions that serve directories to several builds of a node. Disposing ends them. */
export interface SharedDirs extends AsyncDisposable {
  /** The attributes that tell a build which of its directories are served for it. */
  attributesOf(plan: BuildPlan): Readonly<Record<string, string>>;
}

interface SharedSession {
  readonly id: string;
  readonly sharedKey: string;
  readonly dirs: Map<string, string>;
}

/** Opens what builds on one node share. A session that ends early is not told here: the builds that need it fail. */
export function shareDirs(plans: readonly BuildPlan[], dialSession: SessionDialer, signal: AbortSignal): SharedDirs {
  const sessions: SharedSession[] = [];
  const byUse = new Map<string, SharedSession>();
  for (const { inputs, sharedKey } of plans) {
    for (const [name, dir] of inputs.localDirs) {
      const users = plans.filter((plan) => plan.inputs.localDirs.get(name) === dir);
      const key = useKey(name, dir);
      if (users.length < 2 || byUse.has(key)) continue;
      let session = sessions.find(({ dirs }) => !dirs.has(name));
      if (session === undefined) sessions.push((session = { id: newIdentity(), sharedKey, dirs: new Map() }));
      session.dirs.set(name, dir);
      byUse.set(key, session);
    }
  }
  const over = new AbortController();
  const serving = sessions.map((session) => serve(session, dialSession, AbortSignal.any([signal, over.signal])));
  return {
    attributesOf({ inputs }) {
      const shared = [...inputs.localDirs].flatMap(([name, dir]): [string, string][] => {
        const session = byUse.get(useKey(name, dir));
        return session === undefined ? [] : [[`local-sessionid:${name}`, session.id]];
      });
      return Object.fromEntries(shared);
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await Promise.allSettled(serving);
    },
  };
}

function useKey(name: string, dir: string): string {
  return `${name}\0${dir}`;
}

async function serve({ id, sharedKey, dirs }: SharedSession, dial: SessionDialer, signal: AbortSignal): Promise<void> {
  const roots = new Map(Array.from(dirs, ([name, root]) => [name, { root }]));
  const attachables = [filesyncAttachable({ dirs: roots })];
  await using session: SessionHost = createSession({ id, name: '', sharedKey, attachables });
  const { methods, name } = session;
  const stream = await dial({ id, name, sharedKey, methods }, { signal });
  const end = (): void => void stream.destroy();
  signal.addEventListener('abort', end);
  try {
    if (!signal.aborted) await session.serve(stream);
  } finally {
    signal.removeEventListener('abort', end);
    stream.destroy();
  }
}
