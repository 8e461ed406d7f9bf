import type { LintSink, LintWarning } from '../lint/index.ts';
import { lineRanges } from '../syntax/index.ts';
import type { DockerfileSource } from './dockerfile-source.ts';
import type { Gateway, GatewayWarning } from './gateway.ts';

export interface WarningTeller {
  readonly sink: LintSink;
  /** Resolves when all were told, or could not be. */
  told(): Promise<void>;
}

/** Shows findings in the progress of the build, one after the other: calls made at once arrive in any order. */
export function tellWarnings(
  build: { readonly gateway: Gateway; readonly source: DockerfileSource },
  options: { readonly signal: AbortSignal },
): WarningTeller {
  let last = Promise.resolve();
  return {
    sink(warning) {
      // A warning that cannot be shown must not fail the build.
      last = last.then(() => build.gateway.warn(gatewayWarning(warning, build.source), options)).catch(() => undefined);
    },
    told: () => last,
  };
}

function gatewayWarning(
  { rule, message, description, url, lines }: LintWarning,
  { digest, sourceMap }: DockerfileSource,
): GatewayWarning {
  const place = lines.start > 0 ? ` (line ${lines.start})` : '';
  const ranges = lineRanges(lines);
  return {
    digest,
    level: 1,
    short: `${rule}: ${message}${place}`,
    detail: [description],
    url,
    source: sourceMap,
    ranges,
  };
}
