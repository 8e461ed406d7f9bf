// How much CPU conversions take: `node scripts/bench/conversion.ts`. Twenty thousand lines should take four times five thousand's.
import { encodeImage } from '../../src/dockerfile/convert/index.ts';
import { convertPlatform, marshalConversion, prepareFrontend } from '../../src/dockerfile/frontend/index.ts';
import { encodeDefinition } from '../../src/llb/index.ts';
import { corpus } from '../fuzz/corpus.ts';
import { createWorld } from '../golden/world.ts';

const { signal } = new AbortController();
const step = (i: number): string =>
  [
    `ENV K${i % 90}=${i}`,
    `RUN make $K${(i - 1) % 90}`,
    `COPY a${i} /b`,
    `ARG A${i % 90}=x`,
    `WORKDIR /w${i}`,
    `ONBUILD RUN ${i}`,
  ][i % 6] ?? '';

/** A Dockerfile of so many lines. */
const lines = (count: number): string =>
  ['FROM alpine', ...Array.from({ length: count }, (_, i) => step(i))].join('\n');

/** So many stages, each copying from the two before it. */
function stages(count: number): string {
  const stage = (i: number): string =>
    `FROM ${i === 0 ? 'alpine' : `s${i - 1}`} AS s${i}\nRUN ${i}${i > 1 ? `\nCOPY --from=s${i - 2} /a /b` : ''}\n`;
  return Array.from({ length: count }, (_, i) => stage(i)).join('');
}

const cases: Readonly<Record<string, readonly string[]>> = {
  'recorded Dockerfiles': await corpus(),
  '5,000 lines': [lines(5000)],
  '20,000 lines': [lines(20_000)],
  '125 stages': [stages(125)],
  '500 stages': [stages(500)],
};

for (const [name, dockerfiles] of Object.entries(cases)) {
  const start = process.cpuUsage();
  let bytes = 0;
  for (const dockerfile of dockerfiles) bytes += await convert(dockerfile).catch(() => 0);
  const milliseconds = process.cpuUsage(start).user / 1000;
  console.log(`${name}: ${milliseconds.toFixed(0)} ms CPU, ${(bytes / 1e6).toFixed(1)} MB`);
}

async function convert(dockerfile: string): Promise<number> {
  const frontend = await prepareFrontend(createWorld({ id: 'bench', dockerfile }), { signal });
  const conversion = await convertPlatform(frontend, undefined, () => undefined, { signal });
  const definition = encodeDefinition(marshalConversion(conversion, frontend.gateway));
  return definition.length + encodeImage(conversion.image).length;
}
