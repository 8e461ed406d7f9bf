// What a build's rawjson progress says about its steps.

/** Names of the steps that ran or copied, by whether the cache had them. */
export interface BuildSteps {
  readonly cached: readonly string[];
  readonly done: readonly string[];
}

interface Packet {
  readonly vertexes?: readonly { readonly name: string; readonly completed?: string; readonly cached?: boolean }[];
}

/** Reads `--progress rawjson`. Steps of the frontend and of base images are left out. */
export function stepsOf(rawjson: string): BuildSteps {
  const last = new Map<string, boolean>();
  for (const line of rawjson.split('\n').filter((text) => text.startsWith('{'))) {
    const { vertexes = [] } = JSON.parse(line) as Packet;
    for (const { name, completed, cached } of vertexes) {
      if (completed !== undefined && /^\[(?!internal\]|auth\]|context )[^\]]*\] (?!FROM )/.test(name))
        last.set(name, cached === true);
    }
  }
  const names = [...last.keys()].sort();
  return { cached: names.filter((name) => last.get(name)), done: names.filter((name) => !last.get(name)) };
}
