// What the benchmark builds: made once, kept under .cache/bench.
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../engine/bundles.ts';

const benchDir = join(cacheDir, 'bench');

/** Directory of a context; `fill` writes its files the first time. */
function context(name: string, fill: (dir: string) => void): string {
  const dir = join(benchDir, name);
  if (existsSync(dir)) return dir;
  mkdirSync(benchDir, { recursive: true });
  const work = mkdtempSync(join(benchDir, '.make-'));
  fill(work);
  renameSync(work, dir);
  return dir;
}

/** A dozen source files. */
export function smallFiles(): string {
  return context('small', (dir) => {
    mkdirSync(join(dir, 'src'));
    for (let i = 0; i < 12; i++) writeFileSync(join(dir, 'src', `file-${i}.txt`), `file ${i}\n`.repeat(20));
  });
}

/** 50,000 files. */
export function manyFiles(): string {
  return context('50k-files', (dir) => writeFiles(dir, 50_000));
}

/** 20,000 files. */
export function sharedFiles(): string {
  return context('20k-files', (dir) => writeFiles(dir, 20_000));
}

/** Files of 1 to 8 KiB, a hundred in a directory. */
function writeFiles(dir: string, count: number): void {
  const perDirectory = 100;
  const noise = randomBytes(64 << 10);
  for (let i = 0; i < count; i++) {
    const parent = join(dir, 'src', `dir-${Math.floor(i / perDirectory)}`);
    if (i % perDirectory === 0) mkdirSync(parent, { recursive: true });
    const start = (i * 37) % (56 << 10);
    const size = 1024 + ((i * 1543) % (7 << 10));
    writeFileSync(join(parent, `file-${i}.bin`), noise.subarray(start, start + size));
  }
}

/** One file of 1 GiB. */
export function bigFile(): string {
  return context('1g-file', (dir) => {
    const block = randomBytes(16 << 20);
    const file = openSync(join(dir, 'big.bin'), 'w');
    for (let i = 0; i < 64; i++) writeSync(file, block);
    closeSync(file);
  });
}

/** A Dockerfile beside the contexts, so that one context serves several. */
export function dockerfile(name: string, text: string): string {
  mkdirSync(benchDir, { recursive: true });
  const path = join(benchDir, `${name}.Dockerfile`);
  writeFileSync(path, text);
  return path;
}

/** A bake file of this many targets in the group that is built by default; `target` writes what is in one's block. */
export function bakeFile(name: string, count: number, target: (number: number) => string): string {
  const dir = join(benchDir, name);
  mkdirSync(dir, { recursive: true });
  const numbers = Array.from({ length: count }, (_, i) => i);
  const names = numbers.map((i) => `"target-${i}"`).join(', ');
  const blocks = numbers.map((i) => `target "target-${i}" {\n${target(i)}}\n`);
  const path = join(dir, 'docker-bake.hcl');
  writeFileSync(path, `group "default" {\n  targets = [${names}]\n}\n${blocks.join('')}`);
  return path;
}

/** Where exports go. */
export function outputDir(): string {
  return join(benchDir, 'out');
}
