import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dialer } from './dialer.ts';

/** An agent whose connections come from the dialer. Default: a new one for each request. */
export function dialingAgent(dial: Dialer, signal: AbortSignal, options: AgentOptions = { keepAlive: false }): Agent {
  const agent = new Agent(options);
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
