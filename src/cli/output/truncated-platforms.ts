// Matches buildx commands/ls.go truncPlatforms: the common architectures first, variants counted, the rest as a number.
import { type Platform, parsePlatform } from '../../oci/index.ts';

const COMMON = ['amd64', 'arm64', 'arm', 'ppc64le', 's390x', 'riscv64', 'mips64'].map((name) => `linux/${name}`);
const MOST = 4;

/** Platforms, `*` at those that were configured, as a table shows them: `linux/amd64 (+4), linux/arm64, (3 more)`. */
export function truncatedPlatforms(platforms: readonly string[]): string {
  const groups = groupsOf(platforms);
  const common = COMMON.filter((name) => groups.has(name));
  const others = [...groups.keys()].filter((name) => !COMMON.includes(name)).toSorted();
  const shown = [...common, ...others.slice(0, Math.max(0, MOST - common.length))];
  const count = shown.reduce((sum, name) => sum + (groups.get(name)?.length ?? 0), 0);
  const left = platforms.length - count;
  const words = shown.map((name) => groupText(name, groups.get(name) ?? []));
  return [...words, ...(left > 0 ? [`(${left} more)`] : [])].join(', ');
}

function groupsOf(platforms: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const named = platforms.flatMap((text) => {
    const name = nameOf(text);
    return name === undefined ? [] : [{ text, name }];
  });
  const groups = new Map<string, string[]>();
  for (const name of COMMON) {
    for (const platform of named) {
      // a group that fills the table takes no more platforms, even its own
      if (groups.size >= MOST) break;
      if (platform.name === name) groups.set(name, [...(groups.get(name) ?? []), platform.text]);
    }
  }
  const rest = new Map<string, string[]>();
  for (const { text, name } of groups.size >= MOST ? [] : named) {
    if (!groups.has(name)) rest.set(name, [...(rest.get(name) ?? []), text]);
  }
  return new Map([...groups, ...rest]);
}

function groupText(name: string, platforms: readonly string[]): string {
  const [only, ...more] = platforms;
  if (more.length === 0) return only ?? '';
  const mark = platforms.some((platform) => platform.endsWith('*')) ? '*' : '';
  return `${name}${mark} (+${platforms.length})`;
}

function nameOf(text: string): string | undefined {
  let platform: Platform;
  try {
    platform = parsePlatform(text.replace(/\*$/, ''));
  } catch {
    return undefined;
  }
  return `${platform.os}/${platform.architecture}`;
}
