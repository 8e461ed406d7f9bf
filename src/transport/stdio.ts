import { Duplex, type Readable, type Writable } from 'node:stream';

/**
 * One stream of two: a parent process that speaks on our stdin and stdout. Destroying it ends the input and leaves the
 * output as it is, so that what was written last still arrives.
 */
export function joinStreams(input: Readable, output: Writable): Duplex {
  const joined = new Duplex({
    read: () => void input.resume(),
    write: (chunk, _encoding, done) => void output.write(chunk, done),
    destroy: (error, done) => {
      input.destroy();
      done(error);
    },
  });
  input.on('data', (chunk: Buffer) => {
    if (!joined.push(chunk)) input.pause();
  });
  input.on('end', () => joined.push(null));
  input.on('error', (error) => joined.destroy(error));
  return joined;
}
