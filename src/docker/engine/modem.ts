// Ordinary API calls go through docker-modem, which is loaded when the first is made: with ssh2 behind it, it is slow to load.
import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type DockerModem from 'docker-modem';
import { type ErrorCode, messageOf, TsbuildxError } from '../../base/errors.ts';
import type { Dialer } from '../../transport/index.ts';
import type { HeaderPairs } from './client.ts';

export interface ModemOptions {
  readonly dial: Dialer;
  readonly headers: HeaderPairs;
  /** Before each path: prefix of the address and API version. */
  readonly pathPrefix: string;
  readonly authority: string;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  readonly file?: Readable | undefined;
  readonly signal: AbortSignal;
}

/** Makes the calls of one engine. */
export interface Modem {
  /** The parsed JSON, or the text of an answer that is none. Rejects with ENGINE_FAILED, NOT_FOUND, TRANSPORT, CANCELED. */
  call(request: ApiRequest): Promise<unknown>;
}

type ModemClass = typeof DockerModem;

const ACCEPTED = { 200: true, 201: true, 204: true } as const;

export async function createModem(options: ModemOptions): Promise<Modem> {
  const { default: modemClass } = await import('docker-modem');
  return { call: (request) => call(modemClass, request, options) };
}

function call(modemClass: ModemClass, request: ApiRequest, options: ModemOptions): Promise<unknown> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(canceled(signal));
      return;
    }
    const { body, file, query } = request;
    const modem = construct(modemClass, dialingAgent(options.dial, signal));
    modem.dial(
      {
        // The question mark asks for the query to be appended.
        path: `${options.pathPrefix}${request.path}${query === undefined ? '' : '?'}`,
        method: request.method,
        headers: { ...Object.fromEntries(options.headers), Host: options.authority },
        ...(body === undefined && query === undefined ? {} : { options: { _body: body, _query: query } }),
        ...(file === undefined ? {} : { file }),
        statusCodes: ACCEPTED,
        abortSignal: signal,
      },
      (error, answer) => {
        if (error === null) resolve(Buffer.isBuffer(answer) ? answer.toString('utf8') : answer);
        else reject(signal.aborted ? canceled(signal) : callError(error));
      },
    );
  });
}

/** The constructor reads DOCKER_HOST and files that it names, and fails on values that the docker CLI takes. */
function construct(modemClass: ModemClass, agent: Agent): DockerModem {
  const { env } = process;
  const host = env['DOCKER_HOST'];
  delete env['DOCKER_HOST'];
  try {
    // The path is never dialed: connections come from the agent.
    return new modemClass({ socketPath: 'engine', agent });
  } finally {
    if (host !== undefined) env['DOCKER_HOST'] = host;
  }
}

/** An agent whose connections come from the dialer. */
function dialingAgent(dial: Dialer, signal: AbortSignal): Agent {
  const agent = new Agent({ keepAlive: false });
  const createConnection = (
    _options: ClientRequestArgs,
    done: (error: Error | null, stream?: Duplex) => void,
  ): void => {
    dial({ signal }).then(
      (stream) => done(null, stream),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  };
  return Object.assign(agent, { createConnection });
}

function callError(error: Error): TsbuildxError {
  if (error instanceof TsbuildxError) return error;
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  if (status === undefined) return new TsbuildxError('TRANSPORT', messageOf(error), { cause: error });
  const json: unknown = 'json' in error ? error.json : undefined;
  const text = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  const code: ErrorCode = status === 404 ? 'NOT_FOUND' : 'ENGINE_FAILED';
  const message = typeof text === 'string' ? `Error response from daemon: ${text}` : messageOf(error);
  return new TsbuildxError(code, message, { cause: error });
}

function canceled(signal: AbortSignal): TsbuildxError {
  return new TsbuildxError('CANCELED', 'the request to the Docker daemon was canceled', { cause: signal.reason });
}
