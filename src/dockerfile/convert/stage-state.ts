import { State } from '../../llb/index.ts';
import type { Platform } from '../../oci/index.ts';
import type { Instruction, Stage } from '../instructions/index.ts';
import type { LineSpan } from '../syntax/index.ts';
import { blankImage, cloneImage, type ImageConfig } from './image-config.ts';
import type { NamedContext } from './options.ts';
import { StageArgs } from './stage-args.ts';
import { StageParameters } from './parameters.ts';

/** An instruction with the stages that it takes files from. */
export interface StageCommand {
  readonly instruction: Instruction;
  /** For COPY --from one; for RUN one a mount. */
  readonly sources: readonly StageState[];
  readonly isOnbuild: boolean;
}

/** A stage while it is converted, or an image that is used as one (`COPY --from=image`). */
export class StageState {
  /** The FROM line; undefined for an image that has none. */
  readonly stage: Stage | undefined;
  /** Where errors and the base image point to; `noLines` for an image of `RUN --mount`. */
  readonly lines: LineSpan;
  /** The base as written, after expansion; later its full reference. */
  baseName: string;
  /** Shown in step names. */
  name: string;
  /** Not a stage of the Dockerfile: nothing is run in it. */
  readonly unregistered: boolean;
  base: StageState | undefined;
  namedContext: NamedContext | undefined;

  state: State = State.scratch();
  image: ImageConfig = blankImage();
  /** The base image as it was found. */
  baseImage: ImageConfig | undefined;
  platform: Platform | undefined;
  commands: readonly StageCommand[] = [];
  /** Stages that this one needs, with the instruction that says so. */
  readonly deps: Map<StageState, Instruction> = new Map();
  readonly buildArgs: StageArgs = new StageArgs();
  readonly parameters: StageParameters = new StageParameters();
  /** Paths used of the build context. */
  readonly contextPaths: Set<string> = new Set();
  /** Paths used of this stage's base; shared with the base. */
  paths: Set<string> = new Set();

  dispatched = false;
  resolved = false;
  onbuildDone = false;
  ignoreCache = false;
  workdirSet = false;
  scanStage = false;
  scanContext = false;
  /** Steps so far and in all, for `[stage 2/5]`. */
  stepIndex = 0;
  stepTotal = 0;
  isOnbuildStep = false;
  readonly prefixPlatform: boolean;
  /** Last CMD, ENTRYPOINT and HEALTHCHECK of this stage. */
  readonly lastUse: Map<'cmd' | 'entrypoint' | 'healthcheck', LineSpan> = new Map();
  /** References whose triggers led here, to notice when they go round in a circle. */
  readonly triggeredBy: readonly string[];

  constructor(options: {
    readonly stage?: Stage;
    readonly baseName: string;
    readonly name?: string;
    readonly lines: LineSpan;
    readonly prefixPlatform?: boolean;
    readonly triggeredBy?: readonly string[];
  }) {
    this.stage = options.stage;
    this.baseName = options.baseName;
    this.name = options.name ?? '';
    this.lines = options.lines;
    this.unregistered = options.stage === undefined;
    this.prefixPlatform = options.prefixPlatform ?? false;
    this.triggeredBy = options.triggeredBy ?? [];
  }

  /** Takes over what the base stage has come to. */
  inherit(): void {
    const { base } = this;
    if (base === undefined) return;
    this.state = base.state;
    this.platform = base.platform;
    this.image = cloneImage(base.image);
    this.image.config.onBuild = [];
    this.baseImage = base.baseImage;
    this.paths = base.paths;
    this.workdirSet = base.workdirSet;
    this.buildArgs.inherit(base.buildArgs);
  }
}

/** All stages, in order, and by name. */
export class StageList {
  readonly stages: StageState[] = [];
  readonly #byName = new Map<string, StageState>();

  add(stage: StageState): void {
    this.stages.push(stage);
    // Only an exact, lower case name finds a base stage here.
    stage.base = this.#byName.get(stage.baseName);
    const name = stage.stage?.from.stageName ?? '';
    if (name !== '') this.#byName.set(name.toLowerCase(), stage);
  }

  /** Case does not matter. */
  find(name: string): StageState | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  get names(): string[] {
    return this.stages.map(({ name }) => name).filter((name) => name !== '');
  }

  /** The stage and all that it needs, directly or not. */
  static reachable(target: StageState): Set<StageState> {
    const found = new Set([target]);
    for (const stage of found) {
      if (stage.base !== undefined) found.add(stage.base);
      for (const dep of stage.deps.keys()) found.add(dep);
    }
    return found;
  }
}
