// Bundles the sources into the two scripts of the binary: a tiny main, and the program that it loads when it must.
import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:http2';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, type Plugin, build } from 'esbuild';
import type { ProgramName } from './evaluate-program.ts';

const root = join(import.meta.dirname, '../..');

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  charset: 'ascii', // one byte a character: the program is read without decoding; see `escapeTemplates`
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
};

/** Libraries that most builds do not need: scripts of their own, so that the program stays small. */
export const lazyLibraries: readonly string[] = [
  '@aws-sdk/credential-provider-node',
  '@dagrejs/dagre',
  'undici',
  'docker-modem',
  'ssh2',
  'jsonc-parser',
  're2js',
  'bcryptjs',
  'smol-toml',
  'yaml',
];

/** What is bundled in the place of a library whose main script is none for bundlers. */
const ownEntries: Readonly<Record<string, string>> = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

/** A program: everything but the quick answers and the lazy libraries. Exports `run`. */
export async function bundleProgram(name: ProgramName, outfile: string): Promise<void> {
  await build({
    ...common,
    entryPoints: ['src/cli/run.ts'],
    outfile,
    external: [...lazyLibraries],
    supported: { 'dynamic-import': false }, // the binary's own require loads what is external
    plugins: [leaveOut, grpcWithoutHttp2, parserOfYargs, lateNodeModules, ...(name === 'build' ? [buildAlone] : [])],
  });
  escapeTemplates(outfile);
}

/** What esbuild leaves of other characters than ASCII stands in tagged templates, which it keeps as they are written. */
function escapeTemplates(file: string): void {
  const text = readFileSync(file, 'utf8');
  const escaped = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  writeFileSync(file, escaped);
}

/** Of all commands only `build`; nor does it answer shells. */
const buildAlone: Plugin = {
  name: 'build-alone',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/(commands|completion)\/index\.ts$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'build-alone',
      pluginData: resolveDir,
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'build-alone' }, ({ path, pluginData }) => ({
      contents: path.includes('completion')
        ? "export function answerShell() { throw new Error('shells ask the whole program') }"
        : "import { buildCommand } from './commands/build.ts'; export const commands = [buildCommand];",
      resolveDir: String(pluginData),
    }));
  },
};

/** A lazy library, by the name that the program requires it by. */
export async function bundleLibrary(name: string, outfile: string): Promise<void> {
  await build({
    ...common,
    entryPoints: [ownEntries[name] ?? name],
    outfile,
    supported: { 'dynamic-import': false }, // a script of the binary has none
    plugins: [leaveOut],
  });
  escapeTemplates(outfile);
}

/** The main script: quick answers, and a loader in the place of the program. */
export async function bundleMain(outfile: string): Promise<void> {
  await build({ ...common, entryPoints: ['src/cli/main.ts'], outfile, plugins: [loadProgramFromAsset] });
}

const loadProgramFromAsset: Plugin = {
  name: 'load-program-from-asset',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/run\.ts$/ }, () => ({ path: join(import.meta.dirname, 'asset-loader.ts') }));
  },
};

/**
 * What the program never uses: native add-ons with fallbacks in JavaScript, and the loader of .proto files, which would
 * bring protobufjs 7 beside the 8 that we use.
 */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup(bundler) {
    bundler.onResolve({ filter: /(\.node|^cpu-features|^@grpc\/proto-loader)$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of this program`)})`,
    }));
  },
};

/**
 * What we use of grpc-js takes constants from node:http2 and nothing else: the connection is our own. Loading that module
 * would take a third of the time that a cached build has.
 */
const grpcWithoutHttp2: Plugin = {
  name: 'grpc-without-http2',
  setup(bundler) {
    bundler.onResolve({ filter: /^http2$/ }, ({ importer, path }) =>
      importer.includes('/@grpc/grpc-js/') ? { path, namespace: 'constants-only' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'constants-only' }, () => ({
      contents: JSON.stringify({ constants }),
      loader: 'json',
    }));
  },
};

/** Of yargs we use its parser, which is a package of its own: the rest would be loaded for nothing. */
const parserOfYargs: Plugin = {
  name: 'parser-of-yargs',
  setup(bundler) {
    bundler.onResolve({ filter: /^yargs\/helpers$/ }, ({ path }) => ({ path, namespace: 'parser-of-yargs' }));
    bundler.onLoad({ filter: /.*/, namespace: 'parser-of-yargs' }, () => ({
      contents: "export { default as Parser } from 'yargs-parser'",
      resolveDir: join(root, 'node_modules/yargs'),
    }));
  },
};

/** Modules of node that take milliseconds to load and that a build needs late, or not at all. */
const lateModules = ['crypto', 'fs/promises', 'child_process', 'timers/promises'] as const;

/** Loads a late module when one of its functions is first used, not when the program starts. */
const lateNodeModules: Plugin = {
  name: 'late-node-modules',
  setup(bundler) {
    bundler.onResolve({ filter: new RegExp(`^(node:)?(${lateModules.join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'late' ? { path, external: true } : { path: path.replace(/^node:/, ''), namespace: 'late' },
    );
    bundler.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `
        for (const name of ${JSON.stringify(Object.keys(createRequire(import.meta.url)(path) as object))})
          Object.defineProperty(exports, name, { enumerable: true, get: () => require('node:${path}')[name] });`,
    }));
  },
};
