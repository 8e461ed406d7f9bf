// Matches buildx driver/kubernetes/driver.go wait: same error text.
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import type { CallOptions, KubeClient } from '../../../kube/index.ts';
import type { NodeManifest } from './manifest.ts';
import { readyReplicas } from './status.ts';

/** Milliseconds between two questions. */
const PAUSE_MS = 200;
/** The longest that a timer can wait: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface ReadyGoal extends Pick<NodeManifest, 'kind' | 'name'> {
  readonly replicas: number;
  readonly timeoutMs: number;
}

/** Resolves when as many pods as wanted are ready. Rejects with TRANSPORT after the time, with what kept it. */
export async function untilReady(kube: KubeClient, goal: ReadyGoal, { signal }: CallOptions): Promise<void> {
  const { kind, name, replicas, timeoutMs } = goal;
  const deadline = AbortSignal.timeout(Math.min(Math.max(timeoutMs, 0), MAX_TIMER_MS));
  const both = AbortSignal.any([signal, deadline]);
  let problem: unknown;
  for (;;) {
    await delay(PAUSE_MS, undefined, { signal: both }).catch(() => undefined);
    if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
    if (deadline.aborted) {
      const why = problem === undefined ? 'the cluster does not answer' : messageOf(problem);
      throw new TsbuildxError('TRANSPORT', why, { cause: problem });
    }
    try {
      const ready = readyReplicas(await kube.get(kind, name, { signal: both }));
      if (ready >= replicas) return;
      problem = new Error(`expected ${replicas} replicas to be ready, got ${ready}`);
    } catch (error) {
      if (!both.aborted) problem = error;
    }
  }
}
