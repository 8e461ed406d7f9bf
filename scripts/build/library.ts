// Makes the files of the npm package: JavaScript and types of src/index.ts and what it imports, under dist/.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
const generated = ['proto', 'history/page'].flatMap((dir) => [`${dir}/generated.js`, `${dir}/generated.d.ts`]);

export function buildLibrary(): void {
  mkdirSync(dist, { recursive: true });
  const stale = readdirSync(dist).filter((name) => !name.startsWith('docker-'));
  for (const name of stale) rmSync(join(dist, name), { recursive: true });
  const work = mkdtempSync(join(root, '.cache/library-'));
  try {
    const config = join(work, 'tsconfig.json');
    const compilerOptions = { noEmit: false, outDir: dist, rootDir: join(root, 'src') };
    writeFileSync(
      config,
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions,
        files: [join(root, 'src/index.ts')],
        include: [],
      }),
    );
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
      cwd: root,
      stdio: 'inherit',
    });
    for (const file of generated)
      if (!existsSync(join(dist, file))) copyFileSync(join(root, 'src', file), join(dist, file));
  } finally {
    rmSync(work, { recursive: true });
  }
}
