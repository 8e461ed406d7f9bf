// Matches the calls of buildx build/build.go BuildWithResultHandler: targets that are asked something instead of being built.
import type { BridgeResult } from '../../buildkit/gateway/index.ts';
import { TsbuildxError } from '../../base/errors.ts';
import type { BuildContext } from '../build.ts';
import { callWith, compileOnly } from '../call.ts';
import { UnreachableError } from '../call-on-daemon.ts';
import type { CallRequest, CallResult } from '../call-options.ts';
import type { BuildOptions } from '../options.ts';
import { joinInputs, type LinkedInputs, linkedInputs, withLinkedCaps } from './linked-inputs.ts';
import { withTargetName } from './target-events.ts';
import { inTarget } from './target-jobs.ts';
import { linksOf, type TargetBuilds, type TargetLinks, withLinked, withoutLinks } from './target-links.ts';

/**
 * Asks the frontends of targets something, one after the other in the order of their names. A target that is a context of
 * another is compiled for it and not built, whatever it is asked itself. Errors: as of `call`, beginning with the
 * target where there are several.
 * @param builds those that are asked and those that they have as contexts.
 */
export async function callTargets(
  builds: TargetBuilds,
  calls: ReadonlyMap<string, CallRequest>,
  context: BuildContext = {},
): Promise<ReadonlyMap<string, CallResult>> {
  const caller = new Caller(builds, context);
  const answers = new Map<string, CallResult>();
  try {
    for (const [name, request] of [...calls].sort(([a], [b]) => (a < b ? -1 : 1))) {
      answers.set(name, await caller.call(name, request));
    }
    return answers;
  } catch (error) {
    throw error instanceof UnreachableError ? error.cause : error;
  }
}

/** The targets that are built when these are: themselves, and those that they have as contexts. */
export function targetsNeeded(builds: TargetBuilds, names: Iterable<string>): ReadonlySet<string> {
  return withLinked(names, linksOf(builds));
}

/** What a Dockerfile lists is in its text alone. */
function needsContexts({ name }: CallRequest): boolean {
  return name !== 'targets' && name !== 'subrequests.describe';
}

/** What is compiled for others is neither built nor asked. */
function withoutWarnings({ onEvent = () => {}, ...context }: BuildContext): BuildContext {
  return {
    ...context,
    onEvent: (event) =>
      onEvent(event.kind === 'status' ? { ...event, status: { ...event.status, warnings: [] } } : event),
  };
}

class Caller {
  readonly #builds: TargetBuilds;
  readonly #links: TargetLinks;
  readonly #context: BuildContext;
  readonly #compiled = new Map<string, Promise<BridgeResult>>();

  constructor(builds: TargetBuilds, context: BuildContext) {
    this.#builds = builds;
    this.#links = linksOf(builds);
    this.#context = context;
  }

  async call(name: string, request: CallRequest): Promise<CallResult> {
    const inputs = needsContexts(request) ? await this.#inputsOf(name, request.name) : joinInputs([]);
    return await this.#named(name, callWith(this.#optionsOf(name), request, inputs, this.#contextOf(name)));
  }

  #compile(name: string): Promise<BridgeResult> {
    const known = this.#compiled.get(name);
    if (known !== undefined) return known;
    const compiling = this.#inputsOf(name).then((inputs) =>
      this.#named(name, compileOnly(this.#optionsOf(name), inputs, withoutWarnings(this.#contextOf(name)))),
    );
    this.#compiled.set(name, compiling);
    return compiling;
  }

  async #inputsOf(name: string, call?: string): Promise<LinkedInputs> {
    const links = this.#links.get(name);
    if (links === undefined) return joinInputs([]);
    const found: LinkedInputs[] = [];
    for (const [context, linked] of links) {
      try {
        found.push(linkedInputs(context, linked, await this.#compile(linked), '0'));
      } catch (error) {
        if (call !== 'lint' || error instanceof UnreachableError) throw error;
        // the other has its own check; this one goes as far as it can
        found.push({ attributes: { [`context:${context}`]: `target:${linked}` }, definitions: new Map() });
      }
    }
    const { attributes, definitions } = joinInputs(found);
    return { attributes: { ...attributes, 'frontend.caps': withLinkedCaps(undefined) }, definitions };
  }

  async #named<T>(name: string, running: Promise<T>): Promise<T> {
    try {
      return await running;
    } catch (error) {
      // without a daemon no target has failed
      throw error instanceof UnreachableError ? error : inTarget(name, this.#builds.size === 1, error);
    }
  }

  #optionsOf(name: string): BuildOptions {
    const options = this.#builds.get(name);
    if (options === undefined) throw new TsbuildxError('NOT_FOUND', `failed to find target ${name}`);
    return withoutLinks(options);
  }

  #contextOf(name: string): BuildContext {
    const { onEvent = () => {} } = this.#context;
    return this.#builds.size === 1 ? this.#context : { ...this.#context, onEvent: withTargetName(name, onEvent) };
  }
}
