// Fetches Debian packages into the project's cache and takes files out of them. Nothing is installed on the machine.
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A package and the files to take out of it, as `dpkg-deb --fsys-tarfile` names them without the leading `./`. */
export interface PackagePick {
  readonly name: string;
  /** `host`: the suite that this machine runs, for programs that are linked with its libc. */
  readonly suite: 'forky' | 'trixie' | 'bookworm' | 'host';
  readonly files: readonly string[];
  /** For which machines. Default: this one. */
  readonly architecture?: 'arm64';
}

/**
 * Unpacks the picked files, flat, into `target`. Does nothing when `target` exists. Safe to run several times at once:
 * each run unpacks beside the target, the first rename wins.
 */
export async function fetchPicks(picks: readonly PackagePick[], target: string): Promise<void> {
  await makeOnce(target, async (work) => {
    const debs = await download(picks, work);
    const out = join(work, 'out');
    await mkdir(out);
    for (const pick of picks) await unpack(join(debs, debOf(pick, await readdir(debs))), pick, work, out);
    return out;
  });
}

/** What `make` leaves in the directory that it answers becomes `target`. `make` works below the directory that it gets. */
async function makeOnce(target: string, make: (work: string) => Promise<string>): Promise<void> {
  if (existsSync(target)) return;
  if (!existsSync('/usr/bin/apt-get') || !existsSync(keyring)) {
    throw new Error(
      `${target} must be fetched from Debian's archive, and this machine is not a Debian. Start an engine yourself and name it: DOCKER_HOST=unix:///var/run/docker.sock`,
    );
  }
  const parent = join(target, '..');
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, '.fetch-'));
  try {
    await rename(await make(work), target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Downloads the packages below `work`; gives the directory that has them, each `<name>_<version>_<arch>.deb`. */
export async function download(picks: readonly Omit<PackagePick, 'files'>[], work: string): Promise<string> {
  const hostSuite = /^VERSION_CODENAME=(.+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
  const suiteOf = (pick: Omit<PackagePick, 'files'>): string => (pick.suite === 'host' ? hostSuite : pick.suite);
  const debs = join(work, 'debs');
  await mkdir(debs, { recursive: true });
  const archive = {
    suites: [...new Set(picks.map(suiteOf))],
    architectures: picks.flatMap(({ architecture }) => architecture ?? []),
    installed: [],
  };
  const packageOf = ({ name, architecture }: Omit<PackagePick, 'files'>): string =>
    architecture === undefined ? name : `${name}:${architecture}`;
  const wanted = picks.map((pick) => `${packageOf(pick)}/${suiteOf(pick)}`);
  const names = picks.map((pick) => pick.name);
  await runApt(work, archive, names, async (apt) => await apt(['download', ...wanted], debs));
  return debs;
}

/**
 * Unpacks a package of the suite and all that it depends on into the tree `target`, in the places where Debian has them; but
 * not the packages that `installed` names, nor what only these need. Does nothing when `target` exists.
 */
export async function fetchTree(
  name: string,
  { suite, installed }: { readonly suite: string; readonly installed: readonly string[] },
  target: string,
): Promise<void> {
  await makeOnce(target, async (work) => {
    const archives = join(work, 'cache/archives');
    const flags = ['--no-install-recommends', '--download-only', '--yes', 'install', name];
    const archive = { suites: [suite], architectures: [], installed };
    await runApt(work, archive, [name], async (apt) => await apt(flags, work));
    const tree = join(work, 'tree');
    for (const deb of (await readdir(archives)).filter((file) => file.endsWith('.deb')))
      await run('dpkg-deb', ['-x', join(archives, deb), tree]);
    return tree;
  });
}

interface Archive {
  readonly suites: readonly string[];
  /** Other than this machine's. */
  readonly architectures: readonly string[];
  /** What apt is to believe that this machine has. */
  readonly installed: readonly string[];
}

/** Runs apt with a state of its own below `work`. `names` are for errors. */
async function runApt(
  work: string,
  { suites, architectures, installed }: Archive,
  names: readonly string[],
  use: (apt: (args: readonly string[], cwd: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const mirror = process.env['DEBIAN_MIRROR'] ?? (await mirrorOfHost());
  for (const dir of ['lists/partial', 'cache/archives/partial']) await mkdir(join(work, dir), { recursive: true });
  const status = installed.map(
    (name) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: foreign\nVersion: 999\n\n`,
  );
  await writeFile(join(work, 'status'), status.join(''));
  await writeFile(
    join(work, 'sources.list'),
    suites.map((suite) => `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`).join(''),
  );
  const settings = {
    'Dir::State': work,
    'Dir::State::lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'APT::Sandbox::User': 'root',
  };
  const options = [
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
    ...architectures.map((architecture) => `APT::Architectures::=${architecture}`),
  ].flatMap((option) => ['-o', option]);
  const apt = async (args: readonly string[], cwd: string): Promise<void> => {
    await run('apt-get', [...options, '-qq', ...args], { cwd });
  };
  try {
    await apt(['update'], work);
    await use(apt);
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(
      `could not fetch ${names.join(', ')} from ${mirror}:\n${stderr}\nCheck the network with: apt-get update   (another mirror: DEBIAN_MIRROR=http://…/debian)`,
      { cause: error },
    );
  }
}

/** The mirror that this machine's apt uses. */
export async function mirrorOfHost(): Promise<string> {
  const dir = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(dir) ? (await readdir(dir)).map((name) => join(dir, name)) : []),
  ];
  for (const file of files.filter((path) => existsSync(path))) {
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s+)?)(https?:\S+\/debian)\/?(?:\s|$)/m.exec(
      await readFile(file, 'utf8'),
    );
    if (found?.[1] !== undefined) return found[1];
  }
  return 'http://deb.debian.org/debian';
}

/** The package's file among `names`. */
export function debOf(pick: Pick<PackagePick, 'name'>, names: readonly string[]): string {
  const found = names.find((name) => name.startsWith(`${pick.name}_`));
  if (found === undefined) throw new Error(`the archive gave no ${pick.name}`);
  return found;
}

async function unpack(deb: string, pick: PackagePick, work: string, out: string): Promise<void> {
  const tree = join(work, 'tree');
  await run('dpkg-deb', ['-x', deb, tree]);
  for (const file of pick.files) {
    // bookworm has busybox in /bin, later suites in /usr/bin
    const source = [join(tree, file), join(tree, 'usr', file)].find((path) => existsSync(path));
    if (source === undefined) throw new Error(`${basename(deb)} has no ${file}`);
    // a library is picked by the name that programs ask for, which is a link
    await copyFile(source, join(out, basename(file)));
    await chmod(join(out, basename(file)), 0o755);
  }
  await rm(tree, { recursive: true });
}
