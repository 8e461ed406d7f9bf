import { request as startRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { TsbuildxError, wrap } from '../base/errors.ts';
import type { SpanBatch, SpanSink } from '../tracing/index.ts';
import { type Dialer, dialingAgent } from '../transport/index.ts';
import type { OtlpSettings } from './otlp-settings.ts';

/** A collector over HTTP. Each request has a connection of its own: there are few. Nothing is sent twice. */
export function httpSink(
  dial: Dialer,
  { host, path, headers, timeoutMs, gzip }: Pick<OtlpSettings, 'host' | 'path' | 'headers' | 'timeoutMs' | 'gzip'>,
): SpanSink {
  return {
    timeoutMs,
    async send(batch: SpanBatch, { signal }) {
      const encoded = await batch.encoded();
      const body = gzip ? gzipSync(encoded) : encoded;
      await post(
        dial,
        { path, body, signal },
        {
          host: host.startsWith('/') ? 'localhost' : host,
          ...headers,
          'content-type': 'application/x-protobuf',
          'content-length': String(body.length),
          ...(gzip && { 'content-encoding': 'gzip' }),
        },
      );
    },
  };
}

interface Post {
  readonly path: string;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

function post(dial: Dialer, { path, body, signal }: Post, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(wrap('TRANSPORT', 'sending spans', error));
    const agent = dialingAgent(dial, signal);
    const sent = startRequest({ agent, method: 'POST', path, headers, signal }, (answer) => {
      const { statusCode = 0, statusMessage = '' } = answer;
      answer.on('error', failed).on('end', () => {
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new TsbuildxError('TRANSPORT', `the collector refused spans: ${statusCode} ${statusMessage}`));
      });
      answer.resume();
    });
    sent.on('error', failed).end(body);
  });
}
