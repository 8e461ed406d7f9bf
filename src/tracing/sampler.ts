// Matches go.opentelemetry.io/otel sdk/trace/{sampler_env,sampling}.go.
import type { SpanContext } from './span-context.ts';

/** Whether the first span of a trace in this program is recorded, and with it the others. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean;

type Env = Readonly<Record<string, string | undefined>>;

const always: Sampler = () => true;
const never: Sampler = () => false;

/** The sampler that `OTEL_TRACES_SAMPLER` names. Default: what the parent has, and without one always. */
export function samplerOf(env: Env): Sampler {
  const ratio = (): Sampler => ratioSampler(env['OTEL_TRACES_SAMPLER_ARG']);
  switch (env['OTEL_TRACES_SAMPLER']?.trim().toLowerCase()) {
    case 'always_on':
      return always;
    case 'always_off':
      return never;
    case 'traceidratio':
      return ratio();
    case 'parentbased_always_off':
      return parentBased(never);
    case 'parentbased_traceidratio':
      return parentBased(ratio());
    default:
      return parentBased(always);
  }
}

function parentBased(root: Sampler): Sampler {
  return (traceId, parent) => parent?.sampled ?? root(traceId, parent);
}

/** A share of all traces, the same in every program. */
function ratioSampler(argument: string | undefined): Sampler {
  const text = argument?.trim() ?? '';
  const share = text === '' ? Number.NaN : Number(text);
  if (!(share >= 0 && share < 1)) return always;
  const bound = BigInt(Math.floor(share * 2 ** 63));
  return (traceId) => BigInt(`0x${traceId.slice(16)}`) >> 1n < bound;
}
