// Command lines, run with Go's buildx and with this project's binary against a daemon that only writes down what it gets.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { freshBinary } from '../../scripts/build/fresh-binary.ts';
import { type RecordedSolve, type RecordingDaemon, startRecordingDaemon } from './recording-daemon.ts';

/** What a command line led to. */
export interface Reaction {
  readonly code: number | null;
  readonly stdout: string;
  /** The lines that warn or tell of an error, in order. */
  readonly told: readonly string[];
  readonly solves: readonly RecordedSolve[];
}

export interface RowOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called by the docker CLI. */
  readonly isPlugin?: boolean;
}

export interface FlagPeers extends AsyncDisposable {
  /** Runs a row with both programs at once, and waits for a place where no other row is running. */
  react(row: string, options: RowOptions): Promise<readonly [ours: Reaction, theirs: Reaction]>;
}

const files: Readonly<Record<string, string>> = {
  Dockerfile: 'FROM scratch\nLABEL a=b\n',
  'other.Dockerfile': 'FROM scratch\nLABEL c=d\n',
  'stages.Dockerfile': 'FROM scratch AS first\nFROM scratch AS second\nLABEL e=f\nFROM second\n',
  'sub/Dockerfile': 'FROM scratch\nLABEL g=h\n',
  'secret.txt': 'a secret\n',
  'only-lower/dockerfile': 'FROM scratch\nLABEL i=j\n',
};

/** A place for each of the programs. */
type Pair = readonly [ours: Side, theirs: Side];

interface Side {
  readonly program: string;
  readonly daemon: RecordingDaemon | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface FlagPlace {
  /** Builds what the rows ask for. Without one a daemon for each program writes it down. */
  readonly engine?: { readonly host: string };
  /** Rows that run at the same time. Default: 1. */
  readonly pairs?: number;
  /** config.json */
  readonly config?: unknown;
  /** Makes more of the working directory of a program. */
  readonly prepare?: (cwd: string) => void;
}

export async function startFlagPeers(place: FlagPlace = {}): Promise<FlagPeers> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-flags-'));
  const [ours, theirs] = [await freshBinary(), await buildxPeer()];
  const pairs: Pair[] = [];
  for (let i = 0; i < (place.pairs ?? 1); i++) {
    const at = join(dir, String(i));
    pairs.push([await startSide(join(at, 'ours'), ours, place), await startSide(join(at, 'theirs'), theirs, place)]);
  }
  const free = [...pairs];
  const waiting: ((pair: Pair) => void)[] = [];
  const giveBack = (pair: Pair): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(pair);
    else next(pair);
  };
  return {
    async react(row, options) {
      const pair = free.pop() ?? (await new Promise<Pair>((resolve) => waiting.push(resolve)));
      try {
        return await Promise.all([react(pair[0], row, options), react(pair[1], row, options)]);
      } finally {
        giveBack(pair);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { daemon } of pairs.flat()) await daemon?.[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A program that has not ended by then hangs: its exit code is null. */
const tooLongMs = 20_000;

/** A place for one program: its own copy of the files, its own configuration, its own daemon. */
async function startSide(
  dir: string,
  program: string,
  { engine, config: configJson = {}, prepare = () => undefined }: FlagPlace,
): Promise<Side> {
  const cwd = join(dir, 'work');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
  prepare(cwd);
  const daemon = engine === undefined ? await startRecordingDaemon() : undefined;
  const config = join(dir, 'config');
  await mkdir(join(config, 'buildx/instances'), { recursive: true });
  await writeFile(join(config, 'config.json'), JSON.stringify(configJson));
  await writeFile(join(config, 'buildx/.buildNodeID'), '0123456789abcdef');
  if (daemon !== undefined) await writeFile(join(config, 'buildx/instances/recorder'), instanceJson(daemon));
  const env = {
    PATH: process.env['PATH'],
    HOME: dir,
    DOCKER_CONFIG: config,
    DOCKER_HOST: engine?.host ?? 'unix:///nowhere/docker.sock',
    BUILDX_BUILDER: engine === undefined ? 'recorder' : undefined,
  };
  return { program, daemon, env, cwd };
}

/** A builder, as `buildx create --driver remote` writes it. */
function instanceJson({ address }: RecordingDaemon): string {
  const node = { Name: 'recorder0', Endpoint: address, Platforms: null, DriverOpts: {}, Flags: [], Files: {} };
  return JSON.stringify({ Name: 'recorder', Driver: 'remote', Nodes: [node], Dynamic: false });
}

async function react(side: Side, row: string, { env, stdin = '', isPlugin = false }: RowOptions): Promise<Reaction> {
  const given = wordsOf(row.replace(/\bTAIL\b/, '-o type=cacheonly .'));
  const words = isPlugin ? ['buildx', ...given] : given;
  const caller = isPlugin ? { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: '/usr/bin/docker' } : {};
  const child = spawn(side.program, words, {
    cwd: side.cwd,
    env: { ...side.env, ...caller, ...env },
    argv0: 'docker-buildx',
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const watchdog = setTimeout(() => child.kill('SIGKILL'), tooLongMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(watchdog);
  const told = output.stderr.split('\n');
  // by docker, a wrong command line is told without that word
  const isUsage = isPlugin && code === 125;
  const from = isUsage ? 0 : told.findIndex((line) => line.startsWith('ERROR: '));
  return {
    code,
    // which commands there are is another matter
    stdout: output.stdout.includes('Extended build capabilities') ? '(the help)' : output.stdout,
    told: told.filter((line, at) => line.startsWith('WARNING: ') || (from >= 0 && at >= from)).map(comparable),
    solves: (side.daemon?.take() ?? []).map(withoutNewer),
  };
}

/** A line without what we add to it, in the words of today's buildx. */
function comparable(line: string): string {
  return (
    line
      .replace(/ \(looked there because of .*\)$|(?<=--is-inside-work-tree): .*$/, '')
      .replace('type required form>', 'type required for')
      // a race in Go's client: whose error comes first, its own or the daemon's repetition
      .replace('failed to run Build function: ', 'failed to solve: ')
  );
}

/** Without what came to buildx after the peer's version: shared keys of named contexts, and images that are only pushed unpacked. */
function withoutNewer(solve: RecordedSolve): RecordedSolve {
  const without = (
    entries: Readonly<Record<string, string>>,
    drops: (key: string) => boolean,
  ): Record<string, string> => Object.fromEntries(Object.entries(entries).filter(([key]) => !drops(key)));
  return {
    ...solve,
    frontendAttrs: without(solve.frontendAttrs, (key) => key.startsWith('sharedkey:localdir:')),
    exporters: solve.exporters.map(({ type, attrs }) => ({
      type,
      attrs: without(attrs, (key) => key === 'unpack' && attrs[key] === 'false' && attrs['push'] === 'true'),
    })),
  };
}

/** Words of a row. */
function wordsOf(row: string): string[] {
  return [...row.matchAll(/'([^']*)'|([^ ']+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
