// What the project takes from Debian's archive, each kept in a directory of its own under .cache.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type PackagePick, fetchPicks } from './debian.ts';

/** The project's cache; everything in it can be deleted at any time. */
export const cacheDir: string = join(import.meta.dirname, '../../.cache');

/** Debian's engines: forky has dockerd 28.5 (BuildKit 0.25), trixie 26.1 (0.13), bookworm 20.10 (0.8). */
export type EngineSuite = 'forky' | 'trixie' | 'bookworm';

/** dockerd and containerd need nothing of the suite but a libc; runc must be the host's. */
const enginePicks = (suite: EngineSuite): PackagePick[] => [
  { name: 'docker.io', suite, files: ['usr/sbin/dockerd', 'usr/sbin/docker-proxy'] },
  { name: 'containerd', suite, files: ['usr/bin/containerd', 'usr/bin/containerd-shim-runc-v2'] },
  { name: 'runc', suite: 'host', files: ['usr/sbin/runc'] },
  { name: 'tini', suite: 'host', files: ['usr/bin/tini-static'] },
  { name: 'busybox-static', suite: 'host', files: ['bin/busybox'] },
];

const picks = {
  engine: enginePicks('forky'),
  'engine-trixie': enginePicks('trixie'),
  'engine-bookworm': enginePicks('bookworm'),
  // what a Node binary needs, of one suite: the names of the files have versions
  'frontend-libraries': [
    {
      name: 'libc6',
      suite: 'bookworm',
      files: ['ld-linux-x86-64.so.2', 'libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0', 'librt.so.1'].map(
        (file) => `lib/x86_64-linux-gnu/${file}`,
      ),
    },
    { name: 'libgcc-s1', suite: 'bookworm', files: ['lib/x86_64-linux-gnu/libgcc_s.so.1'] },
    { name: 'libstdc++6', suite: 'bookworm', files: ['usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30'] },
  ],
  'docker-cli': [{ name: 'docker-cli', suite: 'forky', files: ['usr/bin/docker'] }],
  'docker-buildx': [{ name: 'docker-buildx', suite: 'forky', files: ['usr/libexec/docker/cli-plugins/docker-buildx'] }],
  'docker-registry': [{ name: 'docker-registry', suite: 'host', files: ['usr/bin/docker-registry'] }],
} as const satisfies Record<string, readonly PackagePick[]>;

async function bundle(name: keyof typeof picks): Promise<string> {
  const target = join(cacheDir, name);
  await fetchPicks(picks[name], target);
  return target;
}

/** Directory with dockerd, containerd, runc and busybox. */
export async function engineBundle(suite: EngineSuite = 'forky'): Promise<string> {
  const dir = await bundle(suite === 'forky' ? 'engine' : `engine-${suite}`);
  const init = join(dir, 'docker-init'); // the name by which dockerd looks for tini
  if (!existsSync(init)) await copyFile(join(dir, 'tini-static'), init);
  return dir;
}

/** Path of the docker CLI: the one on PATH, else Debian's. */
export async function dockerCli(): Promise<string> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'docker'));
  return onPath.find(isExecutable) ?? join(await bundle('docker-cli'), 'docker');
}

/** Path of the Go buildx with which ours is compared; runs standalone. */
export async function buildxPeer(): Promise<string> {
  return join(await bundle('docker-buildx'), 'docker-buildx');
}

/** Path of a distribution registry server: `docker-registry serve config.yml`. */
export async function registryServer(): Promise<string> {
  return join(await bundle('docker-registry'), 'docker-registry');
}

/** Directory of the shared libraries that the linux-x64 binary is linked with. */
export async function frontendLibraries(): Promise<string> {
  const dir = await bundle('frontend-libraries');
  const named = join(dir, 'libstdc++.so.6'); // the name by which programs ask for it
  if (!existsSync(named)) await copyFile(join(dir, 'libstdc++.so.6.0.30'), named);
  return dir;
}

/** A small root file system with every busybox command, and its tar; made once. */
export async function busyboxRootfs(): Promise<{ readonly dir: string; readonly tar: string }> {
  const target = join(cacheDir, 'busybox');
  const made = { dir: join(target, 'rootfs'), tar: join(target, 'rootfs.tar') };
  if (existsSync(target)) return made;
  const run = promisify(execFile);
  const busybox = join(await engineBundle(), 'busybox');
  const work = await mkdtemp(join(cacheDir, '.busybox-'));
  const rootfs = join(work, 'rootfs');
  for (const dir of ['bin', 'etc', 'root', 'usr/bin', 'var']) await mkdir(join(rootfs, dir), { recursive: true });
  await mkdir(join(rootfs, 'tmp'), { mode: 0o1777 });
  await copyFile(busybox, join(rootfs, 'bin/busybox'));
  await writeFile(
    join(rootfs, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  );
  await writeFile(join(rootfs, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  const { stdout } = await run(busybox, ['--list']);
  const commands = stdout.split('\n').filter((name) => name !== '' && name !== 'busybox');
  for (const name of commands) await symlink('busybox', join(rootfs, 'bin', name));
  await run('tar', [
    '--sort=name',
    '--mtime=@1700000000',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '-cf',
    join(work, 'rootfs.tar'),
    '-C',
    rootfs,
    '.',
  ]);
  await rename(work, target).catch(async (error: unknown) => {
    await rm(work, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
  return made;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
