// Matches buildkit util/tracing/detect/resource.go: what the environment says of a program stands before what it says itself.
import type { Attributes } from './span.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What spans and metrics are of. `defaults` are what the environment may change, `fixed` what it may not. */
export function resourceOf(env: Env, { defaults, fixed }: { defaults: Attributes; fixed: Attributes }): Attributes {
  const service = env['OTEL_SERVICE_NAME']?.trim() ?? '';
  return {
    ...defaults,
    ...fromList(env['OTEL_RESOURCE_ATTRIBUTES']?.trim() ?? ''),
    ...(service === '' ? {} : { 'service.name': service }),
    ...fixed,
  };
}

/** `key=value,key=value`, values percent-encoded. What is not a pair is passed over. */
function fromList(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    if (at >= 0) found[pair.slice(0, at).trim()] = decoded(pair.slice(at + 1).trim());
  }
  return found;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
