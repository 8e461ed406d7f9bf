// Matches kubectl exec: a websocket first, SPDY for servers (and roles) that do not take it; then a websocket of old.
import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { TsbuildxError } from '../../base/errors.ts';
import type { Dialer } from '../../transport/index.ts';
import { KubeError, kubeError } from '../api-error.ts';
import type { HttpAnswer, HttpRequest, HttpUpgrade } from '../http/exchange.ts';
import { CommandStream } from './command-stream.ts';
import { spdyCarrier } from './spdy-carrier.ts';
import { V4, V5, websocketCarrier } from './websocket-carrier.ts';

export interface PodCommand {
  /** For messages. */
  readonly what: string;
  url(query: URLSearchParams): URL;
  readonly container: string;
  readonly command: readonly string[];
  /** Sends a request with the caller's credentials. */
  upgrade(request: HttpRequest): Promise<HttpUpgrade | HttpAnswer>;
}

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const SPDY = 'SPDY/3.1';

/** Dials by running the command. Rejects with what the API server says (KubeError), TRANSPORT, PROTOCOL, CANCELED. */
export function podCommandDialer(command: PodCommand): Dialer {
  const query = new URLSearchParams({ container: command.container, stderr: 'true', stdin: 'true', stdout: 'true' });
  for (const word of command.command) query.append('command', word);
  const url = command.url(query);
  // the one that worked is the first to be tried next time
  let ways: readonly Way[] = [
    (signal) => openWebsocket(command, url, V5, signal),
    (signal) => openSpdy(command, url, signal),
    (signal) => openWebsocket(command, url, V4, signal),
  ];
  return async ({ signal }) => {
    let refusal: TsbuildxError | undefined;
    for (const way of ways) {
      const opened = await way(signal);
      if (opened instanceof CommandStream) {
        ways = [way];
        return opened;
      }
      refusal = opened;
      // the server itself has understood and says no
      if (way !== ways[0] && opened instanceof KubeError && opened.reason !== '') break;
    }
    throw refusal ?? new TsbuildxError('UNSUPPORTED', `${command.what} cannot be reached`);
  };
}

/** Opens the stream, or says why it is refused. */
type Way = (signal: AbortSignal) => Promise<CommandStream | TsbuildxError>;

/**
 * A protocol of before v5 cannot end stdin alone, SPDY can. SPDY asks for `create` of an exec, which is what roles for
 * buildx allow; the API server before 1.35 wants `get` for a websocket.
 */
async function openWebsocket(
  command: PodCommand,
  url: URL,
  protocol: string,
  signal: AbortSignal,
): Promise<CommandStream | TsbuildxError> {
  const key = randomBytes(16).toString('base64');
  const opened = await command.upgrade({
    method: 'GET',
    url,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
      'sec-websocket-protocol': protocol,
    },
    signal,
  });
  if (!('stream' in opened)) return kubeError(opened.status, opened.body);
  const { headers, stream } = opened;
  const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64');
  if (headers['sec-websocket-accept'] !== accept) return drop(stream, 'the API server did not accept the websocket');
  if (headers['sec-websocket-protocol'] !== protocol) return drop(stream, notSpoken(protocol));
  return new CommandStream(command.what, (receiver) => websocketCarrier(stream, protocol, receiver));
}

async function openSpdy(command: PodCommand, url: URL, signal: AbortSignal): Promise<CommandStream | TsbuildxError> {
  const opened = await command.upgrade({
    method: 'POST',
    url,
    headers: { connection: 'Upgrade', upgrade: SPDY, 'x-stream-protocol-version': V4, 'content-length': '0' },
    signal,
  });
  if (!('stream' in opened)) return kubeError(opened.status, opened.body);
  const { headers, stream } = opened;
  if (headers['x-stream-protocol-version'] !== V4) return drop(stream, notSpoken(V4));
  return new CommandStream(command.what, (receiver) => spdyCarrier(stream, receiver));
}

function notSpoken(protocol: string): string {
  return `the API server does not speak ${protocol}`;
}

function drop(stream: Duplex, why: string): TsbuildxError {
  stream.on('error', () => undefined).destroy();
  return new TsbuildxError('PROTOCOL', why);
}
