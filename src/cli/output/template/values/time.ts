import { formatGoTime } from '../../../../base/go-time.ts';
import { method, type Shape, struct, text } from './shape.ts';

/** Nanoseconds since the epoch as Go's `time.Time`, in UTC. */
export const time: Shape<bigint> = struct<bigint>({
  name: 'time.Time',
  text: formatGoTime,
  json: rfc3339,
  methods: { String: method(text, formatGoTime) },
});

/** As Go's JSON has times: `2026-01-02T03:04:05.5Z`. */
function rfc3339(unixNano: bigint): string {
  const [day = '', clock = ''] = formatGoTime(unixNano).split(' ');
  return `${day}T${clock}Z`;
}
