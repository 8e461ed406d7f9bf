/** Times for the marks of an axis, in milliseconds: multiples of a time that people like, about `most` at most. */
export function axisTimes(from: number, to: number, most: number): number[] {
  const rough = (to - from) / most;
  const step = sizes.find((size) => size >= rough) ?? Math.ceil(rough / day) * day;
  const times: number[] = [];
  for (let index = Math.ceil(from / step); index * step < to; index++) times.push(index * step);
  return times;
}

const minute = 60_000;
const day = 1440 * minute;
const sizes: readonly number[] = [
  ...[0.001, 0.01, 0.1, 1, 10, 100, 1000].flatMap((unit) => [unit, unit * 2, unit * 5]),
  ...[10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 720, 1440].map((minutes) => minutes * minute),
];
