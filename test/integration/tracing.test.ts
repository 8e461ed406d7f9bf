// Traces of builds: as the library gives them, with the daemon's spans below, without secrets, and never in the way.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { build, type FinishedSpan, traceCommand } from '../../src/index.ts';
import { type Collector, startHttpCollector } from '../support/collector.ts';
import { createCli, createContext, type TestCli } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';
import { recordedSpans } from '../support/recorded-trace.ts';

let engine: TestEngine;
let cli: TestCli;

before(async () => {
  engine = await useEngine();
  cli = await createCli(engine);
});
after(async () => {
  await cli[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

function envOf(collector: Collector): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };
}

describe('tracing', () => {
  it('gives a program the spans of its build, below its own; the daemon has them with its record', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const spans: FinishedSpan[] = [];
    const result = await traceCommand(
      { name: 'release', env: {}, traceparent, onSpans: (some) => void spans.push(...some) },
      () =>
        build({
          context: { kind: 'memory', files: { file: crypto.randomUUID() } },
          dockerfile: { kind: 'text', text: `FROM ${baseImage}\nCOPY file /\n` },
          docker: { host: engine.host, configDir: cli.configDir },
        }),
    );
    const byId = new Map(spans.map((span) => [span.context.spanId, span]));
    const root = spans.find(({ name }) => name === 'release');
    assert.equal(root?.parent?.spanId, '00f067aa0ba902b7');
    const files = spans.find(({ name }) => name === 'moby.filesync.v1.FileSync/DiffCopy');
    assert.equal(byId.get(files?.parent?.spanId ?? '')?.name, 'build');
    for (const { context, start, end } of spans) {
      assert.equal(context.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
      assert.ok(start >= root.start && end <= root.end);
    }
    const recorded = await recordedSpans(engine, result.ref);
    const ids = new Set(recorded.map(({ spanId }) => spanId));
    assert.deepEqual(
      spans.filter(({ context }) => !ids.has(context.spanId)).map(({ name }) => name),
      [],
    );
    assert.ok(recorded.some(({ parentSpanId, service }) => byId.has(parentSpanId) && service !== 'buildx'));
  });

  it('shows no credentials of addresses', async () => {
    await using collector = await startHttpCollector();
    const context = 'https://s3cret-user:s3cret-word@127.0.0.1:1/x.tar?token=s3cret-key';
    const ran = await cli.standalone(['build', '-f', 'sub/Dockerfile', context], { env: envOf(collector) });
    assert.equal(ran.code, 1);
    const root = collector.take().at(-1);
    const shown = 'https://xxxxx:xxxxx@127.0.0.1:1/x.tar?token=xxxxx';
    assert.equal(root?.name, `build ${shown}`);
    assert.deepEqual(root.attributes, { builder: '', context: shown, dockerfile: 'sub/Dockerfile' });
    assert.doesNotMatch(JSON.stringify([root.name, root.attributes, root.events]), /s3cret/);
  });

  it('of a docker plugin belong to the span that the caller names, as compose does', async () => {
    await using collector = await startHttpCollector();
    await using context = await createContext({ Dockerfile: `FROM ${baseImage}\n` });
    const env = { ...envOf(collector), TRACEPARENT: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
    const ran = await cli.docker(['buildx', 'build', '-q', context.dir], { env });
    assert.equal(ran.code, 0, ran.stderr);
    const root = collector.take().find(({ parentSpanId }) => parentSpanId === '00f067aa0ba902b7');
    assert.equal(root?.name, `build ${context.dir}`);
  });

  it('a collector that is not there neither fails nor delays a build, nor is it told of', async () => {
    await using context = await createContext({ Dockerfile: `FROM ${baseImage}\n` });
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const ran = await cli.standalone(['build', '--progress', 'quiet', context.dir], { env });
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.stderr, '');
    const told = await cli.standalone(['--debug', 'build', '--progress', 'quiet', context.dir], { env });
    assert.match(told.stderr, /^WARNING: spans were not sent: /m);
  });
});
