// Matches frontend/attestations/sbom/sbom.go: runs a scanner, as docs/attestations/sbom-protocol.md of BuildKit has it.
import { TsbuildxError } from '../../base/errors.ts';
import { customName, type ExecMountOptions, imageSource, marshal, type State } from '../../llb/index.ts';
import type { Platform } from '../../oci/index.ts';
import { type Conversion, decodeImage, type ImageConfig } from '../convert/index.ts';
import type { SbomOptions } from './attestations.ts';
import type { FrontendAttestation, Gateway } from './gateway.ts';
import type { ImageResolver } from './image-resolver.ts';

/** Scans the result of a conversion; `id` is that of its platform. */
export type Scan = (id: string, conversion: Conversion) => Promise<FrontendAttestation>;

interface ScannerDeps {
  readonly gateway: Gateway;
  readonly images: Pick<ImageResolver, 'resolve'>;
  /** Platform of the builder: there the scanner runs. */
  readonly platform: Platform;
  readonly resolveMode: string;
}

const coreName = 'sbom';
const sourceDir = '/run/src';
const resultDir = '/run/out/';
const spdx = 'https://spdx.dev/Document';

/** Finds the scanner. */
export async function createScanner(
  { generator, parameters }: SbomOptions,
  { gateway, images, platform, resolveMode }: ScannerDeps,
  { signal }: { readonly signal: AbortSignal },
): Promise<Scan> {
  const found = await images.resolve(generator, { logName: '', platform, resolveMode }, { signal });
  const image = decodeImage(found.config);
  const args = [...image.config.entrypoint, ...image.config.cmd];
  if (args.length === 0) throw new TsbuildxError('NOT_FOUND', `scanner ${found.ref} does not have cmd`);
  return async (id, { state, sbomExtras, isIgnoreCache }) => {
    const scanner = imageSource(found.ref, { platform });
    const results = scannerState(scanner, image, parameters, sbomExtras.size > 0).runInto(resultDir, {
      ...noOptions,
      args,
      ignoreCache: isIgnoreCache,
      description: { [customName]: `[${id}] generating sbom using ${found.ref}` },
      mounts: [
        temporary(scanner, platform),
        source(`${sourceDir}/core/${coreName}`, state),
        ...[...sbomExtras].map(([name, extra]) => source(`${sourceDir}/extras/${coreName}-${name}`, extra)),
        { ...empty, target: resultDir },
      ],
    });
    const { ref } = await gateway.solve({ definition: marshal(results, { platform }) }, { signal });
    const metadata = { reason: 'sbom', 'sbom-core': coreName };
    return {
      kind: 'bundle',
      ref,
      path: '',
      predicateType: spdx,
      subjects: [],
      metadata: new Map(Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value)])),
    };
  };
}

const noOptions = {
  secrets: [],
  ssh: [],
  devices: [],
  extraHosts: [],
  ulimits: [],
  cgroupParent: '',
  insecure: false,
} as const;

const empty = { source: undefined, selector: '', readonly: false, noOutput: false } as const;

function source(target: string, state: State): ExecMountOptions {
  return { ...empty, target, source: state.output, readonly: true };
}

function temporary(scanner: State, { os }: Platform): ExecMountOptions {
  const target = '/tmp';
  if (os !== 'windows') return { ...empty, target, tmpfsSize: 0n };
  const made = scanner.file([{ kind: 'mkdir', path: target, mode: 0o777, makeParents: true }], {});
  return { ...empty, target, source: made.output, selector: target, noOutput: true };
}

/** The scanner's image with the environment in which it runs. */
function scannerState(
  scanner: State,
  { config }: ImageConfig,
  parameters: ReadonlyMap<string, string>,
  hasExtras: boolean,
): State {
  const env = config.env.variables();
  env.push(['BUILDKIT_SCAN_DESTINATION', resultDir], ['BUILDKIT_SCAN_SOURCE', `${sourceDir}/core/${coreName}`]);
  if (hasExtras) env.push(['BUILDKIT_SCAN_SOURCE_EXTRAS', `${sourceDir}/extras`]);
  for (const [name, value] of parameters) env.push([`BUILDKIT_SCAN_${name}`, value]);
  return env.reduce((state, [key, value]) => state.addEnv(key, value), scanner.withDir(config.workingDir));
}
