// Ordinary API calls go through docker-modem, which is loaded when the first is made: with ssh2 behind it, it is slow to load.
import type { Agent } from 'node:http';
import { Readable } from 'node:stream';
import type DockerModem from 'docker-modem';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { type Dialer, dialingAgent } from '../../transport/index.ts';
import { answerError, canceled, connectionError } from './call-error.ts';
import type { EngineRequest, HeaderPairs } from './client.ts';

export interface ModemOptions {
  readonly dial: Dialer;
  readonly headers: HeaderPairs;
  /** Before each path: prefix of the address and API version. */
  readonly pathPrefix: string;
  readonly authority: string;
}

export interface ApiRequest extends EngineRequest {
  readonly signal: AbortSignal;
}

/** Makes the calls of one engine. */
export interface Modem {
  /** The parsed JSON, or the text of an answer that is none. Rejects with ENGINE_FAILED, NOT_FOUND, TRANSPORT, CANCELED. */
  call(request: ApiRequest): Promise<unknown>;
  /** The body of the answer, as it comes. Rejects like `call`. */
  open(request: ApiRequest): Promise<Readable>;
}

type ModemClass = typeof DockerModem;

/** 304: there was nothing to do. */
const ACCEPTED = { 200: true, 201: true, 204: true, 304: true } as const;

export async function createModem(options: ModemOptions): Promise<Modem> {
  const { default: modemClass } = await import('docker-modem');
  return {
    async call(request) {
      const answer = await dial(modemClass, request, options, false);
      return Buffer.isBuffer(answer) ? answer.toString('utf8') : answer;
    },
    async open(request) {
      const answer = await dial(modemClass, request, options, true);
      if (answer instanceof Readable) return answer;
      throw new TsbuildxError('PROTOCOL', `the Docker daemon answered ${request.path} without a body`);
    },
  };
}

function dial(modemClass: ModemClass, request: ApiRequest, options: ModemOptions, isStream: boolean): Promise<unknown> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(canceled(signal));
      return;
    }
    const { body, archive } = request;
    const modem = construct(modemClass, dialingAgent(options.dial, signal));
    modem.dial(
      {
        path: `${options.pathPrefix}${request.path}`,
        method: request.method,
        headers: { ...Object.fromEntries([...options.headers, ...(request.headers ?? [])]), Host: options.authority },
        // without a query of its own it takes the body for one, or the last character of the path
        options: { _query: {}, _body: body ?? {} },
        ...(archive === undefined ? {} : { file: Buffer.from(archive) }),
        isStream,
        statusCodes: ACCEPTED,
        abortSignal: signal,
      },
      (error, answer) => {
        if (error === null) resolve(answer);
        else reject(callError(error, signal));
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

function callError(error: Error, signal: AbortSignal): TsbuildxError {
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  if (signal.aborted || status === undefined) return connectionError(error, signal);
  return answerError(status, 'json' in error ? error.json : undefined, messageOf(error), error);
}
