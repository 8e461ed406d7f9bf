import { rmSync } from 'node:fs';
import { baseName } from './engine.ts';
import { bakeFile, bigFile, dockerfile, manyFiles, outputDir, sharedFiles, smallFiles } from './data.ts';

/** One thing that both programs do. */
export interface BenchCase {
  readonly name: string;
  /** Arguments for either program. $RUN is a number that each run has for itself, $REGISTRY the registry's address. */
  readonly args: readonly string[];
  /** At least this many runs of each. */
  readonly runs: number;
  /** Before each run: an engine without cache, a destination that is not there, or a machine that rests. */
  readonly before: 'prune' | 'clear' | 'rest' | 'nothing';
  /** Whether the first run of each fills the cache and does not count. */
  readonly warm: boolean;
}

type Prepare = () => Omit<BenchCase, 'name'>;

const copyAll = `FROM ${baseName}\nWORKDIR /app\nCOPY . .\nRUN find . -type f | wc -l\n`;
const quick = { runs: 21, before: 'nothing', warm: true } as const;
const cached = { runs: 11, before: 'nothing', warm: true } as const;
const cold = { runs: 7, before: 'prune', warm: false } as const;
const exported = { runs: 7, before: 'clear', warm: true } as const;
const sent = { runs: 5, before: 'nothing', warm: true } as const;

/** Name of a builder that is not the engine's own, though the same BuildKit is behind it. */
export const farBuilder = 'far';

function build(name: string, text: string, context: string, ...more: readonly string[]): readonly string[] {
  return ['build', '--progress', 'plain', '-f', dockerfile(name, text), ...more, context];
}

/** Only the transfer: nothing is copied to a layer, nothing is exported. */
function uploadOf(name: string, path: string, context: string): readonly string[] {
  const text = `FROM ${baseName}\nRUN --mount=type=bind,target=/context test -e /context/${path}\n`;
  return build(name, text, context, '-o', 'type=cacheonly');
}

const oneGiB = 'head -c 1073741824 /dev/urandom > big.bin';

function outOf(command: string): string {
  return `FROM ${baseName} AS made\nRUN mkdir /out && cd /out && ${command}\nFROM scratch\nCOPY --from=made /out /\n`;
}

/** An image of layers of 1 MB. */
function layers(count: number): string {
  const runs = Array.from({ length: count }, (_, i) => `RUN head -c 1000000 /dev/urandom > /layer-${i}\n`);
  return `FROM ${baseName}\n${runs.join('')}`;
}

/** Stages that need nothing of each other, and one that needs all. */
function parallelStages(count: number): string {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const stages = numbers.map((i) => `FROM ${baseName} AS stage-${i}\nCOPY src /src\nRUN echo ${i} > /result-${i}\n`);
  const copies = numbers.map((i) => `COPY --from=stage-${i} /result-${i} /\n`);
  return `${stages.join('')}FROM scratch\n${copies.join('')}`;
}

function exportOf(name: string, command: string): readonly string[] {
  return build(name, outOf(command), smallFiles(), '-o', `type=local,dest=${outputDir()}`);
}

/** Targets of one Dockerfile and one context, each with an argument of its own. */
function bakeOf(name: string, count: number, text: string, context: string, output: string): readonly string[] {
  const path = JSON.stringify(dockerfile(name, text));
  const file = bakeFile(name, count, (i) => {
    const args = `  context = ${JSON.stringify(context)}\n  dockerfile = ${path}\n  args = { NUMBER = "${i}" }\n`;
    return `${args}  output = ["${output}"]\n`;
  });
  return ['bake', '--progress', 'plain', '--allow', 'fs=*', '-f', file];
}

const numbered = `FROM ${baseName}\nARG NUMBER\nCOPY src /src\nRUN echo $NUMBER > /number\n`;

const prepared: Readonly<Record<string, Prepare>> = {
  metadata: () => ({ ...quick, args: ['docker-cli-plugin-metadata'] }),
  version: () => ({ ...quick, args: ['version'] }),
  'cached-small': () => ({ ...cached, args: build('cached-small', copyAll, smallFiles(), '-t', 'bench/small') }),
  'cached-50k': () => ({ ...cached, args: build('cached-50k', copyAll, manyFiles(), '-t', 'bench/50k') }),
  'upload-1g': () => ({ ...cold, args: uploadOf('upload-1g', 'big.bin', bigFile()) }),
  'upload-50k': () => ({ ...cold, args: uploadOf('upload-50k', 'src', manyFiles()) }),
  'export-1g': () => ({ ...exported, args: exportOf('export-1g', oneGiB) }),
  'export-20k': () => ({
    ...exported,
    args: exportOf(
      'export-20k',
      'i=0; while [ $i -lt 20000 ]; do echo "this is file $i" > file-$i.txt; i=$((i+1)); done',
    ),
  }),
  // The daemon makes the layer anew each time, half a minute's work.
  'load-1g': () => ({
    ...sent,
    runs: 3,
    args: build('load-1g', outOf(oneGiB), smallFiles(), '--builder', farBuilder, '--load', '-t', 'bench/big'),
  }),
  'push-20': () => ({
    ...sent,
    args: build('push-20', layers(20), smallFiles(), '--push', '-t', '$REGISTRY/run-$RUN'),
  }),
  'parallel-30': () => ({
    ...cold,
    args: build('parallel-30', parallelStages(30), smallFiles(), '-t', 'bench/parallel'),
  }),
  // The engine goes on writing the records of a hundred builds when the program has ended.
  'bake-100': () => ({
    ...cached,
    before: 'rest',
    args: bakeOf('bake-100', 100, numbered, smallFiles(), 'type=cacheonly'),
  }),
  'bake-shared': () => ({ ...cold, args: bakeOf('bake-shared', 10, numbered, sharedFiles(), 'type=cacheonly') }),
};

export const caseNames: readonly string[] = Object.keys(prepared);

/** Makes the data of a case, where it is not there yet. */
export function prepareCase(name: string): BenchCase {
  const prepare = prepared[name];
  if (prepare === undefined) throw new Error(`unknown case ${name}: one of ${caseNames.join(', ')}`);
  return { name, ...prepare() };
}

export function clearOutput(): void {
  rmSync(outputDir(), { recursive: true, force: true });
}
