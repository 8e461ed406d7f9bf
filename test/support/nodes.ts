// Builders of several nodes: BuildKits of engines, behind sockets.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePlatform } from '../../src/oci/index.ts';
import { startBuildkitd, type TestBuildkitd } from './buildkitd.ts';
import { startEngine, type TestEngine } from './engine.ts';

export interface TestNodes extends AsyncDisposable {
  /** The one given, and another. */
  readonly engines: readonly [TestEngine, TestEngine];
  readonly buildkits: readonly [TestBuildkitd, TestBuildkitd];
  /** Writes a builder whose nodes `<name>0`, `<name>1`, … have these platforms each; its nodes are the BuildKits in turn. */
  write(name: string, platforms: readonly string[], endpoints?: readonly string[]): Promise<void>;
}

/** A second engine, and both as nodes for builders in a buildx configuration. */
export async function startNodes(engine: TestEngine, configDir: string): Promise<TestNodes> {
  const other = await startEngine();
  const buildkits = [await startBuildkitd(engine), await startBuildkitd(other)] as const;
  const instances = join(configDir, 'buildx/instances');
  await mkdir(instances, { recursive: true });
  return {
    engines: [engine, other],
    buildkits,
    async write(name, platforms, endpoints = buildkits.map(({ tcp }) => tcp)) {
      const nodes = platforms.map((list, i) => ({
        Name: `${name}${i}`,
        Endpoint: endpoints[i % endpoints.length],
        Platforms: list.split(' ').filter(Boolean).map(platformOf),
        DriverOpts: null,
        Flags: null,
        Files: null,
      }));
      await writeFile(
        join(instances, name),
        JSON.stringify({ Name: name, Driver: 'remote', Nodes: nodes, Dynamic: false }),
      );
    },
    async [Symbol.asyncDispose]() {
      for (const buildkit of buildkits) await buildkit[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}

function platformOf(text: string): unknown {
  const { os, architecture, variant } = parsePlatform(text);
  return { architecture, os, ...(variant === undefined ? {} : { variant }) };
}
