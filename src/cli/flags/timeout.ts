import { parseGoDuration } from '../../base/go-duration.ts';
import type { FlagDefinition } from './definition.ts';

/** `--timeout` of the commands that ask builders how they are. */
export const timeoutFlag: FlagDefinition & { readonly kind: 'string'; readonly default: string } = {
  kind: 'string',
  type: 'duration',
  default: '20s',
  shownDefault: '20s',
  usage: 'Override the default timeout for loading builder status',
  check: parseGoDuration,
};

/** In milliseconds, 0 for none; the most that a timer can wait is as good as none. */
export function timeoutMs(text: string): number {
  const ms = parseGoDuration(text) / 1_000_000n;
  if (ms <= 0n) return 0;
  return ms > 0x7fffffffn ? 0 : Number(ms);
}
