// Matches buildx driver/kubernetes/driver.go Dial and tryWithBackoff.
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import { systemErrorCode } from '../../../base/system-error.ts';
import type { CallOptions, KubeClient, Pod } from '../../../kube/index.ts';
import { type Dialer, pause } from '../../../transport/index.ts';
import { choosePod, runningPods } from './choose-pod.ts';
import type { Labels, LoadBalance } from './options.ts';

export interface PodDialOptions {
  /** Of the pods. */
  readonly labels: Labels;
  readonly loadBalance: LoadBalance;
  /** The same one finds the same pod. */
  readonly key: string;
}

const COMMAND = ['buildctl', 'dial-stdio'];
const ATTEMPTS = 5;
const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 10_000;

/**
 * Chooses a pod, and reaches its buildkitd through its own client. Further dials reach the same one as long as it runs: the
 * calls of a build belong together.
 */
export function podDialer(kube: KubeClient, { labels, loadBalance, key }: PodDialOptions): Dialer {
  let last: string | undefined;
  return async ({ signal }) => {
    const pods = await runningPods(kube, labels, { signal });
    const pod = pods.find(({ name }) => name === last) ?? choosePod(pods, loadBalance, key);
    last = pod.name;
    const [container] = pod.containers;
    if (container === undefined) {
      throw new TsbuildxError('PROTOCOL', `pod ${pod.name} does not have any container`);
    }
    const dial = kube.commandDialer(pod.name, container, COMMAND);
    return await withPatience(pod, { signal }, async () => await dial({ signal }));
  };
}

/** A node may be ready before the API server can speak to it. */
async function withPatience<T>(pod: Pod, { signal }: CallOptions, dial: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await dial();
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error;
      if (attempt === ATTEMPTS - 1) {
        const text = `failed to connect to pod ${pod.name} after ${ATTEMPTS} attempts: ${messageOf(error)}`;
        throw new TsbuildxError('TRANSPORT', text, { cause: error });
      }
    }
    await pause(Math.min(2 ** attempt * BASE_DELAY_MS, MAX_DELAY_MS), { signal });
  }
}

function mayPass(error: unknown): boolean {
  if (messageOf(error).includes('tls: internal error')) return true;
  for (let e = error; e instanceof Error; e = e.cause) {
    if (['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT'].includes(systemErrorCode(e) ?? '')) return true;
  }
  return false;
}
