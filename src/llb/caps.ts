/** The capabilities that a daemon says it has, by id (`file.base`, `mergeop`, …). */
export class CapSet {
  readonly #enabled: ReadonlySet<string>;
  readonly #disabled: ReadonlyMap<string, string>;

  /** `caps` as the daemon lists them; `reason` says why one is disabled. */
  constructor(
    caps: Iterable<{ readonly id: string; readonly enabled: boolean; readonly reason?: string | undefined }>,
  ) {
    const enabled = new Set<string>();
    const disabled = new Map<string, string>();
    for (const cap of caps) {
      if (cap.enabled) enabled.add(cap.id);
      else disabled.set(cap.id, cap.reason ?? '');
    }
    this.#enabled = enabled;
    this.#disabled = disabled;
  }

  supports(id: string): boolean {
    return this.#enabled.has(id);
  }

  /** Why a feature is not to be had, as the reference says it; empty when it is. */
  reasonAgainst(id: string, stability: 'experimental' | 'prerelease'): string {
    if (this.#enabled.has(id)) return '';
    const what = `requested ${stability} feature ${id} `;
    const reason = this.#disabled.get(id);
    if (reason === undefined) return `${what} is not supported by build server, please update `;
    return `${what} has been disabled on the build server${reason === '' ? '' : `: ${reason}`}`;
  }
}

/** The capabilities that conversions look at. */
export const conversionCaps: readonly string[] = [
  'file.base',
  'mergeop',
  'exec.meta.ulimit',
  'exec.meta.cdi',
  'exec.mount.tmpfs.size',
  'exec.meta.cgroup.parent',
  'exec.meta.linux.resources',
  'exec.mount.bind.readwrite-nooutput',
  'exec.meta.setsdefaultpath',
  'source.imageblob',
];

/** What current daemons have of them: for graphs that no daemon is asked about. */
export const currentCaps: CapSet = new CapSet(conversionCaps.map((id) => ({ id, enabled: true })));
