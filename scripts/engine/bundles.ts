// What the project takes from Debian's archive, each kept in a directory of its own under .cache.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type PackagePick, fetchPicks, fetchTree } from './debian.ts';

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

/** Where Debian has the libraries of a package, by the names that programs ask for. */
const library = (name: string, ...files: string[]): PackagePick => ({
  name,
  suite: 'bookworm',
  files: files.map((file) => `lib/x86_64-linux-gnu/${file}`),
});

const picks = {
  engine: enginePicks('forky'),
  'engine-trixie': enginePicks('trixie'),
  'engine-bookworm': enginePicks('bookworm'),
  // what a Node binary needs
  'frontend-libraries': [
    library('libc6', 'ld-linux-x86-64.so.2', 'libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0', 'librt.so.1'),
    library('libgcc-s1', 'libgcc_s.so.1'),
    library('libstdc++6', 'libstdc++.so.6'),
  ],
  // with all that it is linked with: it runs on any host and in any image
  openssh: [
    {
      name: 'openssh-client',
      suite: 'bookworm',
      files: ['ssh', 'ssh-add', 'ssh-agent', 'ssh-keygen'].map((file) => `usr/bin/${file}`),
    },
    { name: 'openssh-server', suite: 'bookworm', files: ['usr/sbin/sshd'] },
    library('libc6', 'ld-linux-x86-64.so.2', 'libc.so.6', 'libresolv.so.2'),
    library('libaudit1', 'libaudit.so.1'),
    library('libcap-ng0', 'libcap-ng.so.0'),
    library('libcap2', 'libcap.so.2'),
    library('libcom-err2', 'libcom_err.so.2'),
    library('libcrypt1', 'libcrypt.so.1'),
    library('libgcrypt20', 'libgcrypt.so.20'),
    library('libgpg-error0', 'libgpg-error.so.0'),
    library('libgssapi-krb5-2', 'libgssapi_krb5.so.2'),
    library('libk5crypto3', 'libk5crypto.so.3'),
    library('libkeyutils1', 'libkeyutils.so.1'),
    library('libkrb5-3', 'libkrb5.so.3'),
    library('libkrb5support0', 'libkrb5support.so.0'),
    library('liblz4-1', 'liblz4.so.1'),
    library('liblzma5', 'liblzma.so.5'),
    library('libpam0g', 'libpam.so.0'),
    library('libpcre2-8-0', 'libpcre2-8.so.0'),
    library('libselinux1', 'libselinux.so.1'),
    library('libssl3', 'libcrypto.so.3'),
    library('libsystemd0', 'libsystemd.so.0'),
    library('libwrap0', 'libwrap.so.0'),
    library('libzstd1', 'libzstd.so.1'),
    library('zlib1g', 'libz.so.1'),
  ],
  'docker-cli': [{ name: 'docker-cli', suite: 'forky', files: ['usr/bin/docker'] }],
  'docker-buildx': [{ name: 'docker-buildx', suite: 'forky', files: ['usr/libexec/docker/cli-plugins/docker-buildx'] }],
  // builds by bake, with the buildx that it finds among the plugins
  'docker-compose': [
    { name: 'docker-compose', suite: 'forky', files: ['usr/libexec/docker/cli-plugins/docker-compose'] },
  ],
  // a terminal for tests: what it shows can be read back
  tmux: [
    { name: 'tmux', suite: 'bookworm', files: ['usr/bin/tmux'] },
    library('libevent-core-2.1-7', 'libevent_core-2.1.so.7'),
    library('libutempter0', 'libutempter.so.0'),
    library('libtinfo6', 'libtinfo.so.6'),
  ],
  // what runs programs of other machines, and one of them
  'qemu-aarch64': [{ name: 'qemu-user-static', suite: 'bookworm', files: ['usr/bin/qemu-aarch64-static'] }],
  'busybox-arm64': [{ name: 'busybox-static', suite: 'bookworm', architecture: 'arm64', files: ['bin/busybox'] }],
  // the parts of a Kubernetes node that Debian has as programs
  'kubernetes-node': [
    { name: 'etcd-server', suite: 'bookworm', files: ['usr/bin/etcd'] },
    {
      name: 'containerd',
      suite: 'bookworm',
      files: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((file) => `usr/bin/${file}`),
    },
    {
      name: 'containernetworking-plugins',
      suite: 'bookworm',
      files: ['bridge', 'host-local', 'loopback'].map((file) => `usr/lib/cni/${file}`),
    },
    { name: 'runc', suite: 'host', files: ['usr/sbin/runc'] },
  ],
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

/** Runs one program for arm64; those that this starts in turn are not found to be for it. */
export async function qemuAarch64(): Promise<string> {
  return join(await bundle('qemu-aarch64'), 'qemu-aarch64-static');
}

/** A busybox for arm64, linked with nothing. */
export async function busyboxArm64(): Promise<string> {
  return join(await bundle('busybox-arm64'), 'busybox');
}

/** Path of the docker CLI: the one on PATH, else Debian's. */
export async function dockerCli(): Promise<string> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'docker'));
  return onPath.find(isExecutable) ?? join(await bundle('docker-cli'), 'docker');
}

/** Path of the Go buildx with which ours is compared: what `TSBUILDX_TEST_BUILDX` names, else Debian's. Runs standalone. */
export async function buildxPeer(): Promise<string> {
  return process.env['TSBUILDX_TEST_BUILDX'] ?? join(await bundle('docker-buildx'), 'docker-buildx');
}

/** Path of docker compose; runs standalone, and as a plugin. */
export async function dockerCompose(): Promise<string> {
  return join(await bundle('docker-compose'), 'docker-compose');
}

/** Path of a distribution registry server: `docker-registry serve config.yml`. */
export async function registryServer(): Promise<string> {
  return join(await bundle('docker-registry'), 'docker-registry');
}

/** Directory of etcd, containerd, runc and the network plugins of a Kubernetes node. */
export async function kubernetesNodeBundle(): Promise<string> {
  return await bundle('kubernetes-node');
}

/** Directory of the shared libraries that the linux-x64 binary is linked with. */
export async function frontendLibraries(): Promise<string> {
  return await bundle('frontend-libraries');
}

/** Directory of OpenSSH's programs, which `ld-linux-x86-64.so.2` in it runs with the libraries in it. */
export async function opensshBundle(): Promise<string> {
  return await bundle('openssh');
}

/** The terminal multiplexer: its program, and the directory of libraries for `LD_LIBRARY_PATH`. */
export async function tmuxProgram(): Promise<{ readonly program: string; readonly libraries: string }> {
  const dir = await bundle('tmux');
  return { program: join(dir, 'tmux'), libraries: dir };
}

/** A browser without windows: its program, and the environment in which it finds its libraries and fonts. */
export async function chromiumProgram(): Promise<{
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}> {
  const tree = join(cacheDir, 'chromium');
  // libc is the host's, as for all programs; x11-utils and xdg-utils bring graphics drivers and a compiler for nothing
  const installed = ['libc6', 'x11-utils', 'xdg-utils'];
  await fetchTree('chromium-headless-shell', { suite: 'bookworm', installed }, tree); // 106 MB in 77 packages
  const fonts = join(tree, 'fonts.conf');
  const dirs = `<dir>${tree}/usr/share/fonts</dir><cachedir>${tree}/var/cache/fontconfig</cachedir>`;
  // the places in it are absolute: a cache that was moved has others
  const text = `<?xml version="1.0"?><fontconfig>${dirs}</fontconfig>\n`;
  if (!existsSync(fonts) || readFileSync(fonts, 'utf8') !== text) await writeFile(fonts, text);
  const libraries = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu/pulseaudio'];
  return {
    program: join(tree, 'usr/lib/chromium/chromium-headless-shell'),
    env: { LD_LIBRARY_PATH: libraries.map((dir) => join(tree, dir)).join(':'), FONTCONFIG_FILE: fonts },
  };
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
