import { isAbsolutePath, joinPath } from '../base/go-path.ts';
import { EnvList } from './env-list.ts';
import { type ExecOptions, ExecVertex } from './exec-op.ts';
import { type FileAction, FileVertex } from './file-op.ts';
import { DiffVertex, MergeVertex } from './merge-op.ts';
import { normalizePlatform, type Platform } from '../oci/index.ts';
import type { OpOptions, Output } from './vertex.ts';

/** Network of a RUN: `sandbox` is the default, isolated one. */
export type NetworkMode = 'sandbox' | 'host' | 'none';

interface StateValues {
  readonly output: Output | undefined;
  readonly env: EnvList;
  readonly dir: string;
  readonly user: string;
  readonly hostname: string;
  readonly network: NetworkMode;
  readonly platform: Platform | undefined;
}

/**
 * A file system and the settings in which the next command runs. Immutable: every method gives a new state. Nothing is
 * done until it is marshalled and solved.
 */
export class State {
  readonly #values: StateValues;

  private constructor(values: StateValues) {
    this.#values = values;
  }

  /** The state of an op's output, with the root as working directory. Without output: scratch. */
  static of(output: Output | undefined): State {
    return new State({
      output,
      env: EnvList.empty,
      dir: '/',
      user: '',
      hostname: '',
      network: 'sandbox',
      platform: output?.platform && normalizePlatform(output.platform),
    });
  }

  static scratch(): State {
    return State.of(undefined);
  }

  /** Undefined: nothing, scratch. */
  get output(): Output | undefined {
    return this.#values.output;
  }

  get env(): EnvList {
    return this.#values.env;
  }

  get dir(): string {
    return this.#values.dir;
  }

  get user(): string {
    return this.#values.user;
  }

  get hostname(): string {
    return this.#values.hostname;
  }

  get network(): NetworkMode {
    return this.#values.network;
  }

  get platform(): Platform | undefined {
    return this.#values.platform;
  }

  /** The same settings over another file system. */
  withOutput(output: Output | undefined): State {
    const { platform } = output ?? {};
    return this.#with({ output, platform: platform ? normalizePlatform(platform) : this.#values.platform });
  }

  addEnv(key: string, value: string): State {
    return this.#with({ env: this.#values.env.set(key, value) });
  }

  /** Changes the working directory; a relative one starts from the current. */
  withDir(dir: string): State {
    return this.#with({ dir: isAbsolutePath(dir) ? dir : joinPath(this.#values.dir || '/', dir) });
  }

  withUser(user: string): State {
    return this.#with({ user });
  }

  withHostname(hostname: string): State {
    return this.#with({ hostname });
  }

  withNetwork(network: NetworkMode): State {
    return this.#with({ network });
  }

  withPlatform(platform: Platform): State {
    return this.#with({ platform: normalizePlatform(platform) });
  }

  /** Runs a command; the new state is the root file system after it. */
  run(options: ExecOptions): State {
    return this.withOutput(new ExecVertex(this, options).root);
  }

  /** Runs a command; the new state is what it leaves in the mount at `target`. */
  runInto(target: string, options: ExecOptions): State {
    return State.of(new ExecVertex(this, options).mounted(target));
  }

  /** Copies, writes or makes files, in one op. */
  file(actions: readonly FileAction[], options: OpOptions): State {
    return this.withOutput(new FileVertex(this, actions, options).output);
  }

  /** Lays others over this one; empty ones do not count. */
  merge(others: readonly State[], options: OpOptions): State {
    const inputs = [this, ...others].filter((state) => state.output !== undefined);
    const [first] = inputs;
    if (first === undefined) return State.scratch();
    if (inputs.length === 1) return first;
    const outputs = inputs.flatMap(({ output }) => (output === undefined ? [] : [output]));
    return first.withOutput(new MergeVertex(outputs, options).output);
  }

  /** Only what differs from `lower`; from nothing, that is all of it. */
  changesFrom(lower: State, options: OpOptions): State {
    if (lower.output === undefined) return this;
    return lower.withOutput(new DiffVertex(lower.output, this.output, options).output);
  }

  #with(change: Partial<StateValues>): State {
    return new State({ ...this.#values, ...change });
  }
}
