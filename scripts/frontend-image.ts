// Makes an image of the linux-x64 binary that `# syntax=` lines and `buildctl --frontend gateway.v0` can name, and loads
// it into the engine of DOCKER_HOST. Arguments: names of the image, by default tsbuildx-frontend.
import { spawnSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshBinary } from './build/fresh-binary.ts';
import { frontendLibraries } from './engine/bundles.ts';

const loader = 'ld-linux-x86-64.so.2';

/** Builds the image; a failure of the build is its exit code. */
async function makeImage(names: readonly string[]): Promise<number> {
  const binary = await freshBinary();
  const libraries = await frontendLibraries();
  // on the disk of the binary, which is linked, not copied
  const context = mkdtempSync(join(dirname(binary), '.frontend-'));
  try {
    cpSync(libraries, join(context, 'lib'), { recursive: true });
    mkdirSync(join(context, 'loader'));
    cpSync(join(libraries, loader), join(context, 'loader', loader));
    linkSync(binary, join(context, 'docker-tsbuildx'));
    const tags = names.flatMap((name) => ['-t', name]);
    const dockerfile = join(import.meta.dirname, 'frontend-image/Dockerfile');
    const { status } = spawnSync(binary, ['build', '-f', dockerfile, ...tags, context], { stdio: 'inherit' });
    return status ?? 1;
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

const names = process.argv.slice(2);
process.exitCode = await makeImage(names.length > 0 ? names : ['tsbuildx-frontend']);
