// Converts changed and invented Dockerfiles, with options, in the world of the recordings: `npm run fuzz -- --seed N --count N`.
// With --print it writes the requests instead, as `npm run golden -- convert` and other converters take them.
// With --kind bake it parses and evaluates invented bake files, with --kind compose it loads invented compose files.
import { parseArgs } from 'node:util';
import { corpus } from './fuzz/corpus.ts';
import { isKind } from './fuzz/kinds.ts';
import { Random } from './fuzz/random.ts';
import { makeRequest } from './fuzz/request.ts';
import { runFuzz } from './fuzz/run.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'dockerfile' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100000' },
    first: { type: 'string', default: '0' },
    print: { type: 'boolean', default: false },
  },
});
const [seed, first, count] = [values.seed, values.first, values.count].map(Number);
const { kind } = values;
if (
  !isKind(kind) ||
  seed === undefined ||
  first === undefined ||
  count === undefined ||
  ![seed, first, count].every(Number.isInteger)
) {
  console.error('usage: fuzz [--kind dockerfile|bake|compose] [--seed N] [--first N] [--count N] [--print]');
  process.exitCode = 2;
} else if (values.print) {
  const dockerfiles = await corpus();
  for (let index = first; index < first + count; index++) {
    console.log(JSON.stringify(makeRequest(`${seed}/${index}`, dockerfiles, Random.of(seed, index))));
  }
} else {
  const failures = await runFuzz({ kind, seed, first, count }, ({ index, faults }) => {
    console.log(`--kind ${kind} --seed ${seed} --first ${index} --count 1`);
    for (const fault of faults) console.log(`  ${fault.replaceAll('\n', '\n  ')}`);
  });
  console.log(`${count - failures.length} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
