// Trees of files for tests, and what is in them.
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory of its own that goes when the test ends. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tsbuildx-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes files by path; a path that ends with a slash is a directory. */
export function writeTree(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(file, content);
  }
}

/** One line for each entry of a tree: path, type and mode, and content, target or first hard link. */
export function listTree(root: string): string[] {
  const links = new Map<bigint, string>();
  const lines: string[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(join(root, path)).sort()) {
      const entry = path === '' ? name : `${path}/${name}`;
      const file = join(root, entry);
      const stat = lstatSync(file, { bigint: true });
      const mode = Number(stat.mode).toString(8);
      if (stat.isDirectory()) {
        lines.push(`${entry} ${mode}`);
        visit(entry);
      } else if (stat.isSymbolicLink()) lines.push(`${entry} -> ${readlinkSync(file)}`);
      else {
        const first = links.get(stat.ino);
        if (stat.nlink > 1n && first === undefined) links.set(stat.ino, entry);
        const content = stat.isFile() ? readFileSync(file).toString('base64').slice(0, 100) : '';
        lines.push(
          first === undefined
            ? `${entry} ${mode} ${stat.mtimeNs / 1000n} ${stat.rdev} ${content}`
            : `${entry} = ${first}`,
        );
      }
    }
  };
  visit('');
  return lines;
}
