// Builds Kubernetes 1.20.2 from Debian's source package, which has all that it needs in it: one program, about ten minutes
// and 3 GB of disk, kept in .cache/kubernetes. Newer sources are in no Debian.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../engine/bundles.ts';
import { debOf, download, mirrorOfHost } from '../engine/debian.ts';

const run = promisify(execFile);

const SOURCE = 'pool/main/k/kubernetes/kubernetes_1.20.5+really1.20.2.orig.tar.gz';
const SOURCE_SHA256 = 'b83c0780efb182d928dc63d46488a847f161f04e40a94b96bf5247dd671ecdfc';
const GO_PACKAGES = ['golang-1.19-go', 'golang-1.19-src'];

/** Path of the program; it is built when it is not there. */
export async function kubenode(): Promise<string> {
  const target = join(cacheDir, 'kubernetes');
  const program = join(target, 'kubenode');
  if (existsSync(program)) return program;
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, '.kubernetes-'));
  try {
    console.error('building Kubernetes, once: about ten minutes');
    const tree = join(work, 'gopath/src/k8s.io/kubernetes');
    const [goRoot] = await Promise.all([fetchGo(work), fetchSource(work, tree)]);
    await patch(tree);
    await generateModels(work, tree, goRoot);
    const flags = ['gitVersion=v1.20.2', 'gitMajor=1', 'gitMinor=20'].map(
      (flag) => `-X k8s.io/component-base/version.${flag}`,
    );
    await go(work, tree, goRoot, [
      'build',
      '-ldflags',
      `-s -w ${flags.join(' ')}`,
      '-o',
      join(work, 'kubenode'),
      './cmd/kubenode',
    ]);
    await mkdir(target, { recursive: true });
    await rename(join(work, 'kubenode'), program);
    return program;
  } finally {
    // the build cache of Go is written for its owner only
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function fetchGo(work: string): Promise<string> {
  const dir = join(work, 'packages');
  await mkdir(dir);
  const debs = await download(
    GO_PACKAGES.map((name) => ({ name, suite: 'bookworm' })),
    dir,
  );
  const names = await readdir(debs);
  for (const name of GO_PACKAGES) await run('dpkg-deb', ['-x', join(debs, debOf({ name }, names)), join(work, 'go')]);
  return join(work, 'go/usr/lib/go-1.19');
}

async function fetchSource(work: string, tree: string): Promise<void> {
  const mirror = process.env['DEBIAN_MIRROR'] ?? (await mirrorOfHost());
  const answer = await fetch(`${mirror}/${SOURCE.replaceAll('+', '%2B')}`);
  if (!answer.ok) throw new Error(`${mirror}/${SOURCE}: HTTP ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== SOURCE_SHA256) throw new Error(`${SOURCE} has the digest ${digest}, not ${SOURCE_SHA256}`);
  const archive = join(work, 'source.tar.gz');
  await writeFile(archive, bytes);
  await mkdir(tree, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', tree, '--strip-components=1']);
}

/** What Go 1.19 needs of a source that was written for 1.15, and our main program. */
async function patch(tree: string): Promise<void> {
  const reflect = join(tree, 'vendor/github.com/modern-go/reflect2');
  // since Go 1.18 the iterator of a map is the caller's: with the old call it is written into foreign memory
  await replace(join(reflect, 'unsafe_link.go'), [
    ['m unsafe.Pointer) *hiter', 'm unsafe.Pointer, it *hiter)'],
    ['\t// rest fields are ignored\n', '\tpointers [6]unsafe.Pointer\n\tnumbers  [4]uintptr\n'],
  ]);
  await replace(join(reflect, 'unsafe_map.go'), [
    [
      '\treturn &UnsafeMapIterator{\n\t\thiter:      mapiterinit(type2.rtype, *(*unsafe.Pointer)(obj)),',
      '\tit := new(hiter)\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), it)\n\treturn &UnsafeMapIterator{\n\t\thiter:      it,',
    ],
  ]);
  await mkdir(join(tree, 'cmd/kubenode'));
  await copyFile(join(import.meta.dirname, 'kubenode.go'), join(tree, 'cmd/kubenode/main.go'));
}

async function replace(path: string, changes: readonly (readonly [from: string, to: string])[]): Promise<void> {
  let text = await readFile(path, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${path} has changed: it lacks ${JSON.stringify(from)}`);
    text = text.replace(from, to);
  }
  await writeFile(path, text);
}

/** The API server describes its objects by generated code, which the source package has not. */
async function generateModels(work: string, tree: string, goRoot: string): Promise<void> {
  const generator = join(work, 'openapi-gen');
  await go(work, tree, goRoot, ['build', '-o', generator, './vendor/k8s.io/kube-openapi/cmd/openapi-gen']);
  const roots = ['pkg', 'staging/src/k8s.io', 'vendor/k8s.io/kube-openapi'];
  const { stdout } = await run('grep', ['-rl', '--include=*.go', '+k8s:openapi-gen=', ...roots], { cwd: tree });
  const files = stdout
    .trim()
    .split('\n')
    .filter((path) => !/_examples|sample-/.test(path));
  const packages = new Set(
    files.map((path) => `k8s.io/kubernetes/${path.replace(/^staging\/src\//, 'vendor/').replace(/\/[^/]+$/, '')}`),
  );
  const args = ['-O', 'zz_generated.openapi', '-h', 'hack/boilerplate/boilerplate.generatego.txt'];
  args.push('-p', 'k8s.io/kubernetes/pkg/generated/openapi', '-r', join(work, 'violations'));
  args.push('--output-base', join(work, 'gopath/src'), '-i', [...packages].toSorted().join(','));
  await command(generator, args, { cwd: tree, env: goEnvironment(work, goRoot) });
}

async function go(work: string, tree: string, goRoot: string, args: readonly string[]): Promise<void> {
  await command('nice', [join(goRoot, 'bin/go'), ...args], { cwd: tree, env: goEnvironment(work, goRoot) });
}

function goEnvironment(work: string, goRoot: string): NodeJS.ProcessEnv {
  const own = { GOROOT: goRoot, GOPATH: join(work, 'gopath'), GOCACHE: join(work, 'cache'), HOME: work };
  return {
    GOFLAGS: '-p=1',
    ...process.env,
    ...own,
    CGO_ENABLED: '0',
    GO111MODULE: 'off',
    PATH: `${goRoot}/bin:${process.env['PATH']}`,
  };
}

async function command(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${String(code)}`);
}
