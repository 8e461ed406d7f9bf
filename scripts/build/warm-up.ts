import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importBaseImage } from '../engine/base-image.ts';
import { startEngine } from '../engine/dockerd.ts';

const baseName = 'tsbuildx-warm/base';

// each instruction that most builds have
const dockerfile = `# syntax=docker/dockerfile:1
ARG BASE=${baseName}
FROM \${BASE} AS one
ARG WHO=world
ENV GREETING="hello \${WHO}"
WORKDIR /src
COPY --chmod=644 data.txt sub/ ./
RUN echo "$GREETING" > out.txt
FROM scratch
LABEL a=b
COPY --from=one /src/out.txt /
USER 1000
EXPOSE 80
ENTRYPOINT ["/out.txt"]
CMD ["x"]
`;

/**
 * Makes the code cache of the wrapped program by running a real build, as root against an engine of our own, else one that
 * ends when no engine answers: then fewer functions are warm.
 */
export async function warmUp(program: string, cache: string): Promise<void> {
  const context = mkdtempSync(join(program, '../context-'));
  try {
    mkdirSync(join(context, 'sub'));
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    writeFileSync(join(context, '.dockerignore'), '*.md\n!README.md\n');
    for (const name of ['data.txt', 'sub/a.txt', 'notes.md']) writeFileSync(join(context, name), 'some data\n');
    if (process.getuid?.() !== 0) {
      recordRun(program, cache, context, `unix://${join(context, 'none.sock')}`);
      return;
    }
    await using engine = await startEngine();
    await importBaseImage(engine.socket, baseName);
    const failure = recordRun(program, cache, context, engine.host);
    if (failure !== undefined) throw new Error(`the build that warms the code cache failed:\n${failure}`);
  } finally {
    rmSync(context, { recursive: true });
  }
}

/** Answers what went wrong. */
function recordRun(program: string, cache: string, context: string, host: string): string | undefined {
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_CONFIG: join(context, 'config'), DOCKER_CONTEXT: undefined };
  const words = ['build', '--progress', 'plain', '-t', 'tsbuildx-warm/image', '--build-arg', 'WHO=you', context];
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'warm.ts'), program, cache, ...words],
    {
      env,
      encoding: 'utf8',
    },
  );
  return status === 0 ? undefined : stderr;
}
