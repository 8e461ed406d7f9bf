// Matches dockerfile2llb/convert_expose.go: `[[ip:]hostport:]port[-port][/proto]`, of which the ports and protocol count.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { isIpAddress } from '../../base/ip-address.ts';
import type { ExposeInstruction } from '../instructions/index.ts';
import { type Linter, rules } from '../lint/index.ts';
import { expandWords } from '../shell/index.ts';
import type { LineSpan } from '../syntax/index.ts';
import type { DispatchContext } from './context.ts';
import { addHistory } from './history.ts';
import type { StageState } from './stage-state.ts';

export function convertExpose(stage: StageState, instruction: ExposeInstruction, context: DispatchContext): void {
  const words = instruction.ports.flatMap((word) => expandWords(word, stage.state.env, context.lex));
  const ports = words.flatMap((word) => parsePort(word, instruction.lines, context.lint));
  const { config } = stage.image;
  for (const port of ports) config.exposedPorts.add(port);
  addHistory(stage, context, `EXPOSE [${ports.join(' ')}]`, { makesLayer: false });
}

function parsePort(text: string, lines: LineSpan, lint: Linter): string[] {
  const { ip, hostPort, container } = splitParts(text);
  const { port, proto } = splitProto(container, text);
  if (proto !== proto.toLowerCase()) lint.report(rules.exposeProtoCasing, lines, text);
  if (ip !== '' || hostPort !== '') lint.report(rules.exposeInvalidFormat, lines, text);
  checkIp(ip);
  const range = parseRange(port);
  if (range === undefined) throw failure(`invalid containerPort: ${port}`);
  if (hostPort !== '') {
    const host = parseRange(hostPort);
    if (host === undefined) throw failure(`invalid hostPort: ${hostPort}`);
    if (range.end - range.start !== host.end - host.start && range.end !== range.start) {
      throw failure(`invalid ranges specified for container and host Ports: ${port} and ${hostPort}`);
    }
  }
  const count = range.end - range.start + 1;
  return Array.from({ length: count }, (_, i) => `${range.start + i}/${proto.toLowerCase()}`);
}

function splitParts(text: string): { ip: string; hostPort: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const hostPort = parts.pop() ?? '';
  return { ip: parts.join(':'), hostPort, container };
}

function splitProto(text: string, whole: string): { port: string; proto: string } {
  const slash = text.indexOf('/');
  const port = slash < 0 ? text : text.slice(0, slash);
  const proto = slash < 0 ? '' : text.slice(slash + 1);
  const invalid = (why: string): TsbuildxError => failure(`invalid port: ${goQuote(whole)}: ${why}`);
  if (port === '') throw invalid('no port specified');
  if (proto === '') return { port, proto: 'tcp' };
  if (!['tcp', 'udp', 'sctp'].includes(proto.toLowerCase())) throw invalid(`invalid proto: ${proto}`);
  return { port, proto };
}

function checkIp(text: string): void {
  if (text === '') return;
  let ip = text;
  if (text.startsWith('[')) {
    if (!text.endsWith(']')) throw failure(`invalid IP address ${text}: address ${text}:: ${bracketProblem(text)}`);
    ip = text.slice(1, -1);
    if (/[[\]]/.test(ip))
      throw failure(
        `invalid IP address ${text}: address ${text}:: unexpected '${/\[/.test(ip) ? '[' : ']'}' in address`,
      );
  }
  if (!isIpAddress(ip)) throw failure(`invalid IP address: ${ip}`);
}

function bracketProblem(text: string): string {
  return text.includes(']') ? 'missing port in address' : "missing ']' in address";
}

function parseRange(text: string): { start: number; end: number } | undefined {
  const dash = text.indexOf('-');
  const start = parseNumber(dash < 0 ? text : text.slice(0, dash));
  const end = dash < 0 ? start : parseNumber(text.slice(dash + 1));
  if (start === undefined || end === undefined || end < start) return undefined;
  return { start, end };
}

function parseNumber(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 0 && port <= 65535 ? port : undefined;
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('DOCKERFILE', message);
}
