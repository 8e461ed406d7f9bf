// src/history/page/generated.{js,d.ts}: the style and the script of pages, as texts.
import { existsSync, globSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'src/history/page');
const outJs = join(page, 'generated.js');
const outTypes = join(page, 'generated.d.ts');
const inputs = [...globSync('*.{ts,css}', { cwd: page }), ...globSync('client/*', { cwd: page })]
  .filter((path) => !path.startsWith('generated.'))
  .map((path) => join(page, path));

function isFresh(): boolean {
  if (!existsSync(outJs) || !existsSync(outTypes)) return false;
  const made = Math.min(statSync(outJs).mtimeMs, statSync(outTypes).mtimeMs);
  return [...inputs, import.meta.filename].every((path) => statSync(path).mtimeMs <= made);
}

/** Makes the files, when they are older than what they come from. */
export async function generatePages(): Promise<void> {
  if (isFresh()) return;
  const { build } = await import('esbuild');
  const bundled = await build({
    entryPoints: [join(page, 'client/main.ts'), join(page, 'style.css')],
    outdir: page,
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['chrome125', 'firefox125', 'safari17.5'],
    charset: 'ascii', // as the program that carries it
    logLevel: 'warning',
  });
  // both stand inside elements of a page
  const textOf = (end: string): string =>
    (bundled.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '').trim().replaceAll('</', '<\\/');
  const code = `export const pageScript = ${JSON.stringify(textOf('.js'))};
export const pageStyle = ${JSON.stringify(textOf('.css'))};
`;
  writeFileSync(`${outJs}.new`, code);
  writeFileSync(
    `${outTypes}.new`,
    'export declare const pageScript: string;\nexport declare const pageStyle: string;\n',
  );
  renameSync(`${outTypes}.new`, outTypes);
  renameSync(`${outJs}.new`, outJs);
}
