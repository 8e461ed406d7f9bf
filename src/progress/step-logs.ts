import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { makeDirectories } from '../files/index.ts';
import type { SolveStatus, Vertex } from '../buildkit/control/index.ts';
import { timeField } from './time-field.ts';

/** Bytes that may wait for the disk before the build waits for it too. */
const maxWaiting = 4 * 1024 * 1024;
const maxNameLength = 80;

/** A step as the index tells of it. */
interface Entry {
  /** The n-th step that started. */
  number: number | undefined;
  vertex: Vertex;
  /** Name of its file; undefined while it has written nothing. */
  file?: string;
}

/**
 * Keeps what each step writes in a file of its own: `007-build-2-5-RUN-make.log`, the exact bytes. `index.json` names the
 * steps. Nothing is made, not even the directory, before a step writes something.
 */
export class StepLogs {
  readonly #dir: string;
  readonly #entries = new Map<string, Entry>();
  readonly #waiting = new Map<Entry, Uint8Array[]>();
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #count = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Takes in one packet. Gives a promise while the disk is behind: wait for it to keep memory bounded. */
  write({ vertexes, logs }: SolveStatus): Promise<void> | undefined {
    for (const vertex of vertexes) this.#note(vertex);
    for (const { vertex, data } of logs) {
      const entry = this.#entries.get(vertex);
      if (entry === undefined || data.length === 0 || this.#failure !== undefined) continue;
      entry.number ??= ++this.#count;
      const chunks = this.#waiting.get(entry);
      if (chunks === undefined) this.#waiting.set(entry, [data]);
      else chunks.push(data);
      this.#waitingBytes += data.length;
    }
    if (this.#waiting.size > 0) this.#writing ??= this.#writeAll();
    return this.#waitingBytes > maxWaiting ? this.#writing : undefined;
  }

  /** Writes the rest and the index. Gives what went wrong on the way, in words: the build is none the worse for it. */
  async done(): Promise<string | undefined> {
    await this.#writing;
    const entries = [...new Set(this.#entries.values())].filter(({ number }) => number !== undefined);
    entries.sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
    if (this.#failure === undefined && entries.some(({ file }) => file !== undefined)) {
      await this.#attempt(() =>
        writeFile(join(this.#dir, 'index.json'), `${JSON.stringify(entries.map(indexed), null, 2)}\n`),
      );
    }
    return this.#failure === undefined ? undefined : `logs of steps are not complete: ${messageOf(this.#failure)}`;
  }

  #note(vertex: Vertex): void {
    const { id = vertex.digest, name = vertex.name } = vertex.progressGroup ?? {};
    let entry = this.#entries.get(id);
    if (entry === undefined) this.#entries.set(id, (entry = { number: undefined, vertex: { ...vertex, name } }));
    this.#entries.set(vertex.digest, entry);
    if (vertex.started === undefined) return;
    entry.vertex = { ...vertex, name };
    entry.number ??= ++this.#count;
  }

  async #writeAll(): Promise<void> {
    await this.#attempt(async () => void makeDirectories(this.#dir));
    while (this.#waiting.size > 0) {
      for (const [entry, chunks] of this.#waiting) {
        this.#waiting.delete(entry);
        await this.#attempt(() => this.#append(entry, Buffer.concat(chunks)));
        for (const { length } of chunks) this.#waitingBytes -= length;
      }
    }
    this.#writing = undefined;
  }

  async #append(entry: Entry, bytes: Buffer): Promise<void> {
    if (entry.file !== undefined) return await appendFile(join(this.#dir, entry.file), bytes);
    entry.file = fileName(entry);
    // of an earlier build
    await writeFile(join(this.#dir, entry.file), bytes);
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await work();
    } catch (error) {
      this.#failure = error;
    }
  }
}

function fileName({ number = 0, vertex }: Entry): string {
  const words = vertex.name.replace(/[^A-Za-z0-9._]+/g, '-').replace(/^[-.]+/, '');
  const name = words.slice(0, maxNameLength).replace(/[-.]+$/, '');
  return `${String(number).padStart(3, '0')}${name === '' ? '' : `-${name}`}.log`;
}

function indexed({ number, vertex, file }: Entry): Readonly<Record<string, unknown>> {
  const { name, digest, started, completed, cached, error } = vertex;
  return {
    step: number,
    name,
    digest,
    file,
    started: started === undefined ? undefined : timeField(started),
    completed: completed === undefined ? undefined : timeField(completed),
    cached: cached || undefined,
    error,
  };
}
