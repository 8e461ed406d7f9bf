// The images of a cluster without a registry: one that waits, and one that stands in for moby/buildkit.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { busyboxRootfs } from '../engine/bundles.ts';

const run = promisify(execFile);

export const PAUSE_IMAGE = 'docker.io/tsbuildx-test/pause:1';
const BUILDKIT_IMAGES = ['buildx-stable-1', 'buildx-stable-1-rootless'].map((tag) => `docker.io/moby/buildkit:${tag}`);

/** Writes archives for `ctr images import`. The buildctl of the stand-in leads to `relay`, `host port` of a real BuildKit. */
export async function writeImages(work: string, relay: string): Promise<readonly string[]> {
  const { tar: rootfs } = await busyboxRootfs();
  const bin = join(work, 'stand-in/bin');
  await mkdir(bin, { recursive: true });
  await writeFile(
    join(bin, 'buildctl'),
    `#!/bin/sh
case "$1" in
dial-stdio) exec busybox nc ${relay} ;;
debug) exit 0 ;;
*) echo "unknown command $1" >&2; exit 1 ;;
esac
`,
  );
  await writeFile(
    join(bin, 'buildkitd'),
    '#!/bin/sh\ntrap "exit 0" TERM INT\nwhile :; do busybox sleep 3600 & wait $!; done\n',
  );
  for (const name of ['buildctl', 'buildkitd']) await chmod(join(bin, name), 0o755);
  const layer = join(work, 'stand-in.tar');
  await run('tar', ['--owner=0', '--group=0', '-cf', layer, '-C', join(work, 'stand-in'), 'bin']);
  return [
    await writeImage(work, {
      name: 'pause',
      tags: [PAUSE_IMAGE],
      layers: [rootfs],
      entrypoint: ['/bin/busybox', 'sleep', '1000000'],
    }),
    await writeImage(work, {
      name: 'buildkit',
      tags: BUILDKIT_IMAGES,
      layers: [rootfs, layer],
      entrypoint: ['/bin/buildkitd'],
    }),
  ];
}

interface Image {
  readonly name: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
  readonly entrypoint: readonly string[];
}

/** As `docker save` has it. */
async function writeImage(work: string, { name, tags, layers, entrypoint }: Image): Promise<string> {
  const dir = join(work, `image-${name}`);
  await mkdir(dir);
  const files: string[] = [];
  const digests: string[] = [];
  for (const layer of layers) {
    const digest = createHash('sha256')
      .update(await readFile(layer))
      .digest('hex');
    await copyFile(layer, join(dir, `${digest}.tar`));
    files.push(`${digest}.tar`);
    digests.push(`sha256:${digest}`);
  }
  const config = { Env: ['PATH=/bin:/usr/bin'], Entrypoint: entrypoint };
  const rootfs = { type: 'layers', diff_ids: digests };
  await writeFile(join(dir, 'config.json'), JSON.stringify({ architecture: 'amd64', os: 'linux', config, rootfs }));
  const manifest = [{ Config: 'config.json', RepoTags: tags, Layers: files }];
  await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(work, `${name}.tar`);
  await run('tar', ['-cf', archive, '-C', dir, 'manifest.json', 'config.json', ...files]);
  return archive;
}
