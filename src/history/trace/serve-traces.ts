// Serves the pages of traces, and the traces on the paths where tools that read Jaeger's look for them. Matches
// github.com/tonistiigi/jaeger-ui-rest server.go, which takes traces too: this gives only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { PAGE_POLICY } from '../page/document.ts';
import { jaegerJson } from '../jaeger.ts';
import type { BuildTrace } from './load-trace.ts';
import { comparisonPage, tracePage } from './trace-page.ts';

export interface ServeTracesOptions {
  /** `host:port`; port 0 is any that is free. */
  readonly address: string;
  readonly trace: BuildTrace;
  /** What it is compared with. */
  readonly compareWith?: BuildTrace | undefined;
  /** Under the pages. */
  readonly footer: string;
}

/** A server of pages. Disposing ends it. */
export interface TraceServer extends AsyncDisposable {
  /** Of the page. */
  readonly url: string;
}

/** Rejects with INVALID_ARGUMENT, IO. */
export async function serveTraces(options: ServeTracesOptions): Promise<TraceServer> {
  const { trace, compareWith, address } = options;
  const { host, port } = parseAddress(address);
  const path = compareWith === undefined ? trace.traceId : `${compareWith.traceId}...${trace.traceId}`;
  const server = createServer((request, response) => answer(request, response, options, `/trace/${path}`));
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw wrap('IO', `listen tcp ${address}`, error);
  }
  return {
    url: `http://${addressText(server.address())}/trace/${path}`,
    [Symbol.asyncDispose]: async () => await close(server),
  };
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}

function parseAddress(address: string): { readonly host: string | undefined; readonly port: number } {
  const [, inBrackets, plain = '', digits = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{0,5})$/.exec(address) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid address ${goQuote(address)}: use HOST:PORT, as 127.0.0.1:0`);
  }
  return { host: (inBrackets ?? plain) || undefined, port };
}

function addressText(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return address ?? '';
  return `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { trace, compareWith, footer }: ServeTracesOptions,
  page: string,
): void {
  const traces = compareWith === undefined ? [trace] : [trace, compareWith];
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-store');
  const send = (status: number, type: string, text: string): void => {
    response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8` }).end(text);
  };
  if (!isForUs(request)) return send(403, 'text/plain', 'this server answers to its address only\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'Method Not Allowed\n');
  const url = URL.parse(request.url ?? '/', 'http://trace');
  if (url === null) return send(400, 'text/plain', 'Bad Request\n');
  const { pathname, searchParams } = url;
  if (pathname === page) {
    const text = compareWith === undefined ? tracePage(trace, footer) : comparisonPage(compareWith, trace, footer);
    return send(200, 'text/html', text);
  }
  const single = traces.find(({ traceId }) => pathname === `/trace/${traceId}`);
  if (single !== undefined) return send(200, 'text/html', tracePage(single, footer));
  if (pathname === '/api/services') return send(200, 'application/json', '{"data": [], "total": 0}');
  if (pathname === '/api/traces' || pathname.startsWith('/api/traces/')) {
    const id = pathname.slice('/api/traces/'.length);
    const ids = id === '' ? searchParams.getAll('traceID') : [id];
    const wanted = ids.map((wantedId) => traces.find(({ traceId }) => traceId === wantedId));
    if (ids.length === 0) return send(400, 'text/plain', 'Invalid trace ID\n');
    const known = wanted.filter((one) => one !== undefined);
    if (known.length < ids.length) return send(404, 'text/plain', `trace ${ids.join(', ')} not found\n`);
    return send(200, 'application/json', jaegerJson(known.map(({ spans }) => spans)));
  }
  if (pathname === '/' || pathname === '/search') {
    response.writeHead(302, { Location: page }).end();
    return;
  }
  send(404, 'text/plain', '404 page not found\n');
}

/** A page elsewhere whose name leads here must not read what this one shows. */
function isForUs({ headers: { host = '' } }: IncomingMessage): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || isIP(name) !== 0;
}
