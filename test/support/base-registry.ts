// The image that test engines have, for daemons that have none: in a registry that stands for Docker Hub.
import { readFile } from 'node:fs/promises';
import { busyboxRootfs } from '../../scripts/engine/bundles.ts';
import { baseImage } from './engine.ts';
import { startRegistry, type TestRegistry } from './registry.ts';
import { TestRepository } from './registry-images.ts';

/** A registry with the base image, and the buildkitd.toml of daemons that find it there. */
export async function startBaseRegistry(): Promise<TestRegistry & { readonly toml: string }> {
  const registry = await startRegistry({ kind: 'open' });
  const [name = '', tag = ''] = baseImage.split(':');
  const repository = new TestRepository(registry.host, name);
  const type = 'application/vnd.oci.image';
  const layer = await repository.putBlob(await readFile((await busyboxRootfs()).tar), `${type}.layer.v1.tar`);
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin:/usr/bin'], Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
    history: [{ created: '2026-01-02T03:04:05Z', comment: 'imported' }],
  };
  const configBlob = await repository.putBlob(JSON.stringify(config), `${type}.config.v1+json`);
  const mediaType = `${type}.manifest.v1+json`;
  await repository.putManifest({ schemaVersion: 2, mediaType, config: configBlob, layers: [layer] }, mediaType, tag);
  return { ...registry, toml: `[registry."docker.io"]\nmirrors = ["${registry.host}"]\n` };
}
