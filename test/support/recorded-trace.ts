import { createContentClient } from '../../src/buildkit/content/index.ts';
import { createControlClient } from '../../src/buildkit/control/index.ts';
import { createRpcClient } from '../../src/buildkit/rpc/index.ts';
import { engineDialer } from './buildkitd.ts';

/** A span as the daemon keeps it with the record of a build. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
}

/** The spans that an engine has of a build, which has ended. `ref`: as the metadata file has it. */
export async function recordedSpans(
  engine: { readonly socket: string },
  ref: string,
): Promise<readonly RecordedSpan[]> {
  const { signal } = new AbortController();
  await using rpc = createRpcClient(engineDialer(engine.socket), { endpoint: engine.socket });
  const control = createControlClient(rpc);
  const id = ref.split('/').at(-1) ?? '';
  await control.updateBuildHistory({ ref: id, finalize: true }, { signal });
  for await (const { record } of control.listenBuildHistory({ ref: id, earlyExit: true }, { signal })) {
    if (record.trace === undefined) continue;
    const text = (await createContentClient(rpc).readAll(record.trace, { signal })).toString();
    return text.split(/^(?=\{$)/m).map(readSpan);
  }
  return [];
}

interface Stub {
  readonly Name: string;
  readonly SpanContext: { readonly TraceID: string; readonly SpanID: string };
  readonly Parent: { readonly SpanID: string };
  readonly Resource: readonly { readonly Key: string; readonly Value: { readonly Value: string } }[];
}

function readSpan(text: string): RecordedSpan {
  const { Name, SpanContext, Parent, Resource } = JSON.parse(text) as Stub;
  return {
    name: Name,
    traceId: SpanContext.TraceID,
    spanId: SpanContext.SpanID,
    parentSpanId: Parent.SpanID,
    service: Resource.find(({ Key }) => Key === 'service.name')?.Value.Value ?? '',
  };
}
