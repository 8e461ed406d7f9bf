import { formatGoDuration } from '../../../../base/go-duration.ts';
import { formatGoTime, type GoTime, goTimeJson } from '../../../../base/go-time.ts';
import type { BasicType } from './go-type.ts';
import { bind, float64, int64, method, type Methods, type Shape, struct, text } from './shape.ts';

/** Go's `time.Time`. */
export const time: Shape<GoTime> = struct<GoTime>({
  name: 'time.Time',
  text: formatGoTime,
  json: goTimeJson,
  methods: { String: method(text, formatGoTime) },
});

const durationType: BasicType = { kind: 'int', name: 'time.Duration', basic: 'int64' };
const durationMethods: Methods<bigint> = {
  Hours: method(float64, (value) => Number(value) / 3.6e12),
  Minutes: method(float64, (value) => Number(value) / 6e10),
  Seconds: method(float64, (value) => Number(value) / 1e9),
  Milliseconds: method(int64, (value) => value / 1_000_000n),
  Microseconds: method(int64, (value) => value / 1000n),
  Nanoseconds: method(int64, (value) => value),
  String: method(text, formatGoDuration),
};

/** Nanoseconds as Go's `time.Duration`. */
export const duration: Shape<bigint> = {
  type: durationType,
  of: (value) => ({
    kind: 'int',
    type: durationType,
    value,
    text: () => formatGoDuration(value),
    methods: bind(durationMethods, value),
  }),
};
