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
  /** What its builds leave out of their context. */
  readonly slot: string;
  readonly dirs: Map<string, string>;
}

/** Opens what builds on one node share. A session that ends early is not told here: the builds that need it fail. */
export function shareDirs(plans: readonly BuildPlan[], dialSession: SessionDialer, signal: AbortSignal): SharedDirs {
  const sessions: SharedSession[] = [];
  const byUse = new Map<string, SharedSession>();
  const users = new Map<string, number>();
  for (const { inputs } of plans) {
    for (const [name, dir] of inputs.localDirs) {
      const key = useKey(inputs, name, dir);
      users.set(key, (users.get(key) ?? 0) + 1);
    }
  }
  // the name of a session, by which the daemon finds its files again, is that of a context without rules of its own
  const ordered = plans.toSorted((a, b) => Number(a.inputs.ignoreSlot !== '') - Number(b.inputs.ignoreSlot !== ''));
  for (const { inputs, sharedKey } of ordered) {
    for (const [name, dir] of inputs.localDirs) {
      const key = useKey(inputs, name, dir);
      if (byUse.has(key) || users.get(key) === 1) continue;
      const slot = slotOf(inputs, name);
      let session = sessions.find((open) => open.slot === slot && !open.dirs.has(name));
      if (session === undefined) sessions.push((session = { id: newIdentity(), sharedKey, slot, dirs: new Map() }));
      session.dirs.set(name, dir);
      byUse.set(key, session);
    }
  }
  const over = new AbortController();
  const serving = sessions.map((session) => serve(session, dialSession, AbortSignal.any([signal, over.signal])));
  return {
    attributesOf({ inputs }) {
      const shared = [...inputs.localDirs].flatMap(([name, dir]): [string, string][] => {
        const session = byUse.get(useKey(inputs, name, dir));
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

/** A directory of which builds leave out different things is a different one for each. */
function useKey(inputs: BuildPlan['inputs'], name: string, dir: string): string {
  return [name, dir, slotOf(inputs, name)].join('\0');
}

function slotOf({ ignoreSlot }: BuildPlan['inputs'], name: string): string {
  return name === 'context' ? ignoreSlot : '';
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
