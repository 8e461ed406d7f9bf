import type { EnvList, ProxyEnv, State } from '../../llb/index.ts';
import type { Platform } from '../../oci/index.ts';
import type { PatternMatcher } from '../../patterns/index.ts';
import type { Linter } from '../lint/index.ts';
import type { LexOptions } from '../shell/index.ts';
import type { BuildArgs } from './args.ts';
import type { ConvertHost, ConvertOptions } from './options.ts';
import type { DeclaredArg } from './parameters.ts';
import type { StageList } from './stage-state.ts';

/** What is the same for all stages of one conversion. */
export interface ConvertContext {
  readonly options: ConvertOptions;
  readonly host: ConvertHost;
  readonly signal: AbortSignal;
  readonly stages: StageList;
  readonly lint: Linter;
  readonly lex: LexOptions;
  /** Build arguments, SOURCE_DATE_EPOCH replaced by the time that it stands for. */
  readonly buildArgs: BuildArgs;
  /** Predefined variables and the ARGs before the first FROM. */
  readonly globalArgs: EnvList;
  /** The ARGs before the first FROM, by name. */
  readonly declaredArgs: ReadonlyMap<string, DeclaredArg>;
  readonly targetPlatform: Platform;
  readonly buildPlatforms: readonly Platform[];
  /** No target platform was asked for. */
  readonly isImplicitTarget: boolean;
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch: bigint | undefined;
  readonly proxy: ProxyEnv | undefined;
}

/** What instructions are converted with, beside their stage. */
export interface DispatchContext extends ConvertContext {
  /** The build context, filled in after the last instruction. */
  readonly buildContext: State;
  readonly ignore: PatternMatcher | undefined;
}
