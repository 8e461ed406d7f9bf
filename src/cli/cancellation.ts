import { connect } from 'node:net';
import { TsbuildxError } from '../base/errors.ts';

/** How long a canceled command may take to end by itself. */
const graceMs = 1500;
const forcingSignals = 3;

/** Cancels a command when the user or the docker CLI asks for it. */
export interface Cancellation extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * The first SIGINT or SIGTERM cancels, the third ends the process. The docker CLI cancels a plugin by closing the socket
 * that DOCKER_CLI_PLUGIN_SOCKET names.
 * @param onStuck called when a canceled command has not ended in time; must end the process
 */
export function listenForCancel(env: NodeJS.ProcessEnv, onStuck: (error: unknown) => void): Cancellation {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    if (controller.signal.aborted) return;
    const error = new TsbuildxError('CANCELED', 'context canceled');
    controller.abort(error);
    timer = setTimeout(() => onStuck(error), graceMs);
    timer.unref();
  };
  let signals = 0;
  const onSignal = (): void => {
    signals++;
    if (signals < forcingSignals) return cancel();
    process.stderr.write(`got ${forcingSignals} SIGTERM/SIGINTs, forcing shutdown\n`);
    process.exit(1);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const stopWatching = watchPluginSocket(env['DOCKER_CLI_PLUGIN_SOCKET'], cancel);
  return {
    signal: controller.signal,
    [Symbol.dispose](): void {
      clearTimeout(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      stopWatching();
    },
  };
}

/** Calls back when the other side closes the socket. A name that starts with `@` is an abstract one. */
function watchPluginSocket(address: string | undefined, onClosed: () => void): () => void {
  if (address === undefined || address === '') return () => undefined;
  const socket = connect(address.replace(/^@/, '\0'));
  socket.unref();
  let connected = false;
  socket.on('connect', () => {
    connected = true;
    socket.resume();
  });
  // a socket that cannot be reached cancels nothing: the docker CLI may be an older one
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (connected) onClosed();
  });
  return () => {
    connected = false;
    socket.destroy();
  };
}
