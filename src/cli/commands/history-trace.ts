// Matches buildx commands/history/trace.go.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { whileBooting } from './show-boot.ts';

interface TraceFlagValues {
  readonly addr: string;
  readonly compare: string;
}

const flags: FlagsFor<TraceFlagValues> = {
  addr: { kind: 'string', default: '127.0.0.1:0', usage: 'Address to bind the UI server' },
  compare: { kind: 'string', default: '', usage: 'Compare with another build record' },
};

export const historyTraceCommand: Command = defineCommand<TraceFlagValues>({
  name: 'trace',
  aliases: [],
  synopsis: '[OPTIONS] [REF]',
  summary: 'Show the OpenTelemetry trace of a build record',
  arity: { most: 1 },
  flags,
  usesBuilder: true,
  run: runTrace,
});

/** Milliseconds that the server has before the browser comes. */
const BROWSER_DELAY = 100;

async function runTrace(values: TraceFlagValues, { args, builder, invocation, signal }: CommandContext): Promise<void> {
  const { jaegerJson, loadTraces, serveTraces } = await import('../../index.ts');
  const { addr, compare } = values;
  const options = { builder, docker: invocation.docker, refs: [args[0] ?? '', ...(compare === '' ? [] : [compare])] };
  const [trace, compareWith] = await whileBooting((onStatus) => loadTraces(options, { signal, onStatus }));
  if (trace === undefined) return;
  if (!process.stdout.isTTY && compareWith === undefined) {
    process.stdout.write(`${jaegerJson([trace.spans])}\n`);
    return;
  }
  const { pageFooter } = await import('../version.ts');
  await using server = await serveTraces({ address: addr, trace, compareWith, footer: pageFooter });
  process.stderr.write(`Trace available at ${server.url}\n`);
  const { openUrl } = await import('../open-url.ts');
  try {
    await sleep(BROWSER_DELAY, undefined, { signal });
    // without a browser here the address is what there is
    void openUrl(server.url, { signal }).catch(() => undefined);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
