import { formatGoTime, type GoTime, goTimeJson } from '../../../../base/go-time.ts';
import { method, type Shape, struct, text } from './shape.ts';

/** Go's `time.Time`. */
export const time: Shape<GoTime> = struct<GoTime>({
  name: 'time.Time',
  text: formatGoTime,
  json: goTimeJson,
  methods: { String: method(text, formatGoTime) },
});
