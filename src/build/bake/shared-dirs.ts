// Matches detectSharedMounts of buildx build/build.go: a directory that several targets use is sent once.
import { newIdentity, type SessionDialer } from '../../buildkit/control/index.ts';
import { createSession, filesyncAttachable, type SessionHost } from '../../session/index.ts';
import type { BuildPlan } from '../plan-build.ts';

/** Sessions that serve directories to several builds of a node. Disposing ends them. */
export interface SharedDirs extends AsyncDisposable {
  /** The attributes that tell a build which of its directories are served for it. */
  attributesOf(plan: BuildPlan): Readonly<Record<string, string>>;
}

/** A directory, as some builds see it. */
interface SharedUse {
  readonly name: string;
  readonly dir: string;
  /** What its builds take of it, and leave out. Empty: all, and nothing. */
  readonly part: string;
  readonly users: BuildPlan[];
}

interface SharedSession {
  readonly id: string;
  readonly sharedKey: string;
  readonly part: string;
  readonly dirs: Map<string, string>;
}

/** Opens what builds on one node share. A session that ends early is not told here: the builds that need it fail. */
export function shareDirs(plans: readonly BuildPlan[], dialSession: SessionDialer, signal: AbortSignal): SharedDirs {
  const sessions: SharedSession[] = [];
  const sessionsOf = new Map<BuildPlan, Map<string, SharedSession>>(plans.map((plan) => [plan, new Map()]));
  for (const { name, dir, part, users } of usesOf(plans)) {
    if (users.length < 2) continue;
    let session = sessions.find((open) => open.part === part && !open.dirs.has(name));
    if (session === undefined) {
      session = { id: newIdentity(), sharedKey: commonKey(users), part, dirs: new Map() };
      sessions.push(session);
    }
    session.dirs.set(name, dir);
    for (const plan of users) sessionsOf.get(plan)?.set(name, session);
  }
  const over = new AbortController();
  const serving = sessions.map((session) => serve(session, dialSession, AbortSignal.any([signal, over.signal])));
  return {
    attributesOf(plan) {
      const own = sessionsOf.get(plan) ?? new Map<string, SharedSession>();
      return Object.fromEntries(Array.from(own, ([name, { id }]) => [`local-sessionid:${name}`, id]));
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await Promise.allSettled(serving);
    },
  };
}

/** Those of the context first: their sessions are named after it. */
function usesOf(plans: readonly BuildPlan[]): readonly SharedUse[] {
  const uses = new Map<string, SharedUse>();
  for (const plan of plans) {
    for (const [name, dir] of plan.inputs.localDirs) {
      const part = name === 'context' ? partOf(plan, plans) : '';
      const key = [name, dir, part].join('\0');
      const use = uses.get(key) ?? { name, dir, part, users: [] };
      use.users.push(plan);
      uses.set(key, use);
    }
  }
  return [...uses.values()].sort((a, b) => Number(b.name === 'context') - Number(a.name === 'context'));
}

/**
 * A daemon keeps one copy of a directory for each session's key: what the last transfer did not ask for is gone from it. So
 * builds that ask for different parts of a context do not share it.
 */
function partOf({ inputs }: BuildPlan, plans: readonly BuildPlan[]): string {
  const dir = inputs.localDirs.get('context');
  const isShared = plans.filter((other) => other.inputs.localDirs.get('context') === dir).length > 1;
  return isShared ? [inputs.contextNeeds(), inputs.ignoreSlot].filter(Boolean).join(':') : '';
}

/** The same one in whatever company builds are: the shortest, which is that of a build without anything special. */
function commonKey(users: readonly BuildPlan[]): string {
  const keys = users.map(({ sharedKey }) => sharedKey);
  return keys.reduce((a, b) => (a.length < b.length || (a.length === b.length && a < b) ? a : b));
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
