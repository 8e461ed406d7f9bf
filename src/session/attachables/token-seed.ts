// `.token_seed` beside config.json, shared with buildx: what makes the keys of this user's token authority secret.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { member, members, textMember } from '../../base/json-object.ts';
import { makeDirectories, replaceFile } from '../../files/index.ts';

export interface TokenSeeds {
  /** The seed of a registry, made at first use. Where nothing can be written it lasts as long as the process. */
  get(host: string): Promise<Uint8Array>;
}

const SEED_BYTES = 16;
/** Tries, and milliseconds between them, when the file is being rewritten by another process. */
const TRIES = 3;
const PAUSE = 10;

export function createTokenSeeds(dir: string): TokenSeeds {
  const made = new Map<string, Uint8Array>();
  // One at a time: each rewrites the file.
  let last: Promise<unknown> = Promise.resolve();
  return {
    get(host) {
      const seed = last.then(async () => made.get(host) ?? (await readOrMake(dir, host)));
      last = seed.then(
        (bytes) => made.set(host, bytes),
        () => {},
      );
      return seed;
    },
  };
}

async function readOrMake(dir: string, host: string): Promise<Uint8Array> {
  const path = join(dir, '.token_seed');
  const all = await readSeeds(path);
  const known = Buffer.from(textMember(member(all, host), 'Seed'), 'base64');
  if (known.length > 0) return known;
  const seed = randomBytes(SEED_BYTES);
  const entries = [...members(all).filter(([name]) => name !== host), [host, { Seed: seed.toString('base64') }]];
  try {
    await replace(dir, path, JSON.stringify(Object.fromEntries(entries), null, 2));
  } catch {
    // A read-only home: the daemon asks for tokens again in the next build, nothing worse.
  }
  return seed;
}

/** What another process leaves half written counts as empty in the end, as it does for buildx. */
async function readSeeds(path: string): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return JSON.parse(await readFile(path, 'utf8'));
    } catch (error) {
      if (!(error instanceof SyntaxError) || attempt === TRIES) return undefined;
      await delay(PAUSE);
    }
  }
}

async function replace(dir: string, path: string, text: string): Promise<void> {
  makeDirectories(dir, 0o755);
  await replaceFile(path, text, 0o600);
}
