// Servers that are packages of npm, for tests that are not part of the other suites: installed below .cache at first use.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { cacheDir } from '../../scripts/engine/bundles.ts';

export interface NpmServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
}

/** An S3 server with one bucket, whose only keys are `S3RVER` and `S3RVER`. */
export async function startS3(bucket: string): Promise<NpmServer> {
  const options = (dir: string): string[] => ['-d', dir, '-a', '127.0.0.1', '-p', '0', '--configure-bucket', bucket];
  return await start({ name: 's3rver', version: '3.7.1', program: 's3rver' }, options);
}

/** Microsoft's emulator of Azure's blobs: `/devstoreaccount1`. */
export async function startAzurite(): Promise<NpmServer> {
  const options = (dir: string): string[] => [
    `--location=${dir}`,
    '--blobHost=127.0.0.1',
    '--blobPort=0',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--silent',
  ];
  return await start({ name: 'azurite', version: '3.37.0', program: 'azurite-blob' }, options);
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly program: string;
}

async function start(what: Package, options: (dir: string) => string[]): Promise<NpmServer> {
  const program = await install(what);
  const dir = await mkdtemp(join(tmpdir(), `tsbx-${what.name}-`));
  const child = spawn(process.execPath, [program, ...options(dir)], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  const found = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      said.push(line);
      const port = /listen\S* on \S*127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) found.resolve(`http://127.0.0.1:${port}`);
    });
  }
  child.on('exit', () => found.reject(new Error(`${what.name} ended:\n${said.join('\n')}`)));
  child.on('error', found.reject);
  return {
    url: await found.promise,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The script that the package's program is. */
async function install({ name, version, program }: Package): Promise<string> {
  const target = join(cacheDir, `npm-${name}-${version}`);
  if (!existsSync(target)) {
    await mkdir(cacheDir, { recursive: true });
    const work = await mkdtemp(join(cacheDir, '.npm-'));
    const words = ['install', '--prefix', work, '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`];
    await promisify(execFile)('npm', words);
    await rename(work, target).catch(async (error: unknown) => {
      await rm(work, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    });
  }
  return join(target, 'node_modules/.bin', program);
}
