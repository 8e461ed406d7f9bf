import type { Platform } from '../oci/index.ts';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** The platform of containers on a machine of this kind, in the words of images. */
export function hostPlatform(arch: string = process.arch): Platform {
  const variant = arch === 'arm' ? { variant: 'v7' } : {};
  return { os: 'linux', architecture: architectures[arch] ?? arch, ...variant };
}
