// Matches frontend/dockerfile/linter/linter.go.
import { TsbuildxError } from '../../base/errors.ts';
import { type LineSpan, readCheckComment } from '../syntax/index.ts';
import { type CheckConfig, parseCheckOptions } from './check-config.ts';
import type { Rule } from './rules.ts';

/** One finding, its texts complete. */
export interface LintWarning {
  readonly rule: string;
  readonly description: string;
  readonly url: string;
  readonly message: string;
  readonly lines: LineSpan;
}

export type LintSink = (warning: LintWarning) => void;

/** Reports findings to a sink, as far as the configuration lets them through; without a sink nothing is found. */
export class Linter {
  readonly #config: CheckConfig;
  readonly #sink: LintSink | undefined;
  /** Names of the rules that reported, shared by all linters made from the first one. */
  readonly #called: Set<string>;

  constructor(config: CheckConfig, sink: LintSink | undefined, called: Set<string> = new Set()) {
    this.#config = config;
    this.#sink = sink;
    this.#called = called;
  }

  report<Args extends readonly string[]>(rule: Rule<Args>, lines: LineSpan, ...args: Args): void {
    if (this.#sink === undefined || !this.#lets(rule)) return;
    this.#called.add(rule.name);
    this.#sink({
      rule: rule.name,
      description: rule.description,
      url: rule.url,
      message: rule.message(...args),
      lines,
    });
  }

  /** The linter for one instruction: a `# check=…` comment right above it skips rules or asks for more. */
  withComments(comments: readonly string[]): Linter {
    for (const comment of comments) {
      const value = readCheckComment(comment);
      if (value === undefined) continue;
      try {
        return this.#merged(parseCheckOptions(value));
      } catch {
        return this; // a comment that is no valid option is only a comment
      }
    }
    return this;
  }

  /** What `# check=error=true` asks for: throws when any rule has reported. */
  throwIfViolated(): void {
    if (!this.#config.returnAsError || this.#called.size === 0) return;
    throw new TsbuildxError('DOCKERFILE', `lint violation found for rules: ${[...this.#called].join(', ')}`);
  }

  #lets(rule: Pick<Rule, 'name' | 'experimental'>): boolean {
    const { experimentalAll, experimentalRules, skipAll, skipRules } = this.#config;
    if (rule.experimental) return experimentalAll || experimentalRules.includes(rule.name);
    return !skipAll && !skipRules.includes(rule.name);
  }

  #merged(other: CheckConfig): Linter {
    const config: CheckConfig = {
      skipAll: this.#config.skipAll || other.skipAll,
      skipRules: [...this.#config.skipRules, ...other.skipRules],
      experimentalAll: this.#config.experimentalAll || other.experimentalAll,
      experimentalRules: [...this.#config.experimentalRules, ...other.experimentalRules],
      returnAsError: this.#config.returnAsError,
    };
    return new Linter(config, this.#sink, this.#called);
  }
}
