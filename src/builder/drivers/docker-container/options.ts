// Matches buildx driver/docker-container/factory.go: the options of the docker-container driver, same error texts.
import { goQuote } from '../../../base/go-quote.ts';
import { parseRamBytes } from '../../../base/ram-bytes.ts';
import { boolOption as bool, invalidOption as invalid } from '../options.ts';

type Check = (value: string) => unknown;

const anything: Check = () => undefined;

const integer: Check = (value) => {
  if (!/^[+-]?[0-9]+$/.test(value)) throw invalid(`strconv.ParseInt: parsing ${goQuote(value)}: invalid syntax`);
};

const OPTIONS: ReadonlyMap<string, Check> = new Map([
  ['network', anything],
  ['image', anything],
  ['memory', parseRamBytes],
  ['memory-swap', (value: string) => (value === '-1' ? undefined : parseRamBytes(value))],
  ['cpu-period', integer],
  ['cpu-quota', integer],
  ['cpu-shares', integer],
  ['cpuset-cpus', anything],
  ['cpuset-mems', anything],
  ['cgroup-parent', anything],
  ['restart-policy', anything],
  ['default-load', bool],
  ['provenance-add-gha', bool],
  ['allow-untrusted-image', bool],
]);

/** Throws INVALID_ARGUMENT for options with which a node could not be started. */
export function checkContainerOptions(options: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (name === 'env.') throw invalid(`invalid env option ${goQuote(name)}, expecting env.FOO=bar`);
    const check = name.startsWith('env.') ? anything : OPTIONS.get(name);
    if (check === undefined) throw invalid(`invalid driver option ${name} for docker-container driver`);
    check(value);
  }
}
