import { setTimeout as delay } from 'node:timers/promises';
import { TsbuildxError, wrap } from '../base/errors.ts';
import type { ControlClient, SessionDialer, SolveRequest, SolveResponse } from '../buildkit/control/index.ts';
import type { Bridge, BridgeFailure, BridgeResult } from '../buildkit/gateway/index.ts';
import type { RpcError } from '../buildkit/rpc/index.ts';
import { currentSpan } from '../tracing/index.ts';
import type { SessionHost } from '../session/index.ts';
import { followStatus, type StatusReader } from './follow-status.ts';
import { RunningSteps } from './running-steps.ts';

/** Milliseconds that the daemon's own answer may take after something else has failed: its cause is the better one. */
const GRACE = 5_000;

export interface SolveDeps {
  readonly control: ControlClient;
  readonly bridge: Bridge;
  readonly session: SessionHost;
  readonly dialSession: SessionDialer;
  /** Makes the result of the build. What it throws is told to the daemon, as `failureOf` says, and ends the build. */
  readonly frontend: (options: { readonly signal: AbortSignal }) => Promise<BridgeResult>;
  readonly failureOf: (error: unknown) => BridgeFailure | RpcError;
  readonly onStatus: StatusReader;
}

/**
 * Runs one build to its end: Solve, Status, the session and the frontend all at once, as the daemon expects them.
 * `Control.Solve` decides; the others only speak when it stays silent. The session serves until Solve and the status
 * stream have ended, also when the build is cancelled.
 * Errors: RPC_FAILED with `failed to solve: …`, CANCELED, TRANSPORT.
 */
export async function solve(
  request: SolveRequest,
  deps: SolveDeps,
  { signal }: { readonly signal: AbortSignal },
): Promise<SolveResponse> {
  const serving = new AbortController();
  const session = serveSession(deps, serving.signal);

  const over = new AbortController();
  const solving = deps.control.solve(request, { signal });
  const steps = new RunningSteps();
  const onStatus: StatusReader = (news) => {
    steps.note(news);
    return deps.onStatus(news);
  };
  const status = followStatus({ ...deps, onStatus }, request.ref, { over: over.signal, canceled: signal });
  const driving = drive(deps, AbortSignal.any([signal, over.signal]));

  const unlessSolved = async (task: Promise<unknown>): Promise<never> => {
    const failure = await task.then(
      () => new Promise<never>(() => {}),
      (error: unknown) => error,
    );
    await delay(GRACE, undefined, { signal: over.signal }).catch(() => {});
    throw failure;
  };
  try {
    return await Promise.race([solving, ...[driving, session, status].map(unlessSolved)]);
  } catch (error) {
    if (signal.aborted)
      throw new TsbuildxError('CANCELED', 'failed to solve: Canceled: context canceled', { cause: error });
    const code = error instanceof TsbuildxError ? error.code : 'RPC_FAILED';
    throw wrap(code, 'failed to solve', steps.explain(error));
  } finally {
    over.abort();
    await Promise.allSettled([driving, status]);
    serving.abort();
    await deps.session[Symbol.asyncDispose]();
    await Promise.allSettled([session]);
  }
}

/** Serves the session until `signal` aborts; rejects when the connection ends before. */
async function serveSession({ session, dialSession }: SolveDeps, signal: AbortSignal): Promise<void> {
  const { id, name, sharedKey, methods } = session;
  const stream = await dialSession({ id, name, sharedKey, methods }, { signal });
  try {
    // When it was opened too late, the session is disposed of and would be served for ever.
    if (!signal.aborted) await session.serve(stream);
  } finally {
    stream.destroy();
  }
  if (!signal.aborted) throw new TsbuildxError('TRANSPORT', 'the daemon closed the session before the build was done');
}

async function drive({ frontend, failureOf, bridge }: SolveDeps, signal: AbortSignal): Promise<void> {
  let result: BridgeResult;
  try {
    result = await frontend({ signal });
  } catch (error) {
    if (!signal.aborted) await bridge.returnError(failureOf(error), { signal }).catch(() => {});
    throw error;
  }
  const returned = bridge.return(result, { signal });
  // the daemon has the last word now, and we have time
  setImmediate(() => currentSpan()?.trace.prepare());
  await returned;
}
