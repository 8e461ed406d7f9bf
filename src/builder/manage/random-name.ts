import { randomInt } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';

const MOODS =
  'agile amber bold brave breezy bright brisk calm candid clever cosy crisp curious daring dapper eager earnest fair fearless ' +
  'fleet fond frank gentle glad golden graceful hardy hearty honest humble jolly keen kind lively lucid lucky mellow merry ' +
  'mighty mild neat nimble noble patient placid plucky polite proud quick quiet rapid rosy serene sharp silent sincere smart ' +
  'snug sober spry steady stellar sunny swift tidy tender trusty upbeat vivid warm wise witty zealous zesty';

const PEOPLE =
  'abel archimedes babbage backus banach bell bernoulli bohr bool borg boyle brahe cantor carson chandra church codd cori ' +
  'curie darwin davy dijkstra dirac edison einstein engelbart erdos euclid euler fermat fermi feynman fibonacci franklin ' +
  'galileo gauss germain godel hamilton hawking herschel hilbert hopper hubble hypatia joule kepler knuth kowalevski ' +
  'lamarr leibniz liskov lovelace maxwell meitner mendel mirzakhani napier neumann newton nobel noether ohm pascal pasteur ' +
  'perlman planck poincare ptolemy raman ride ritchie rubin sagan shannon tesla thompson turing volta wiles wing wozniak yalow';

const TRIES = 6;

/** A name for a builder, `calm_lovelace`; after a first one that is taken with a digit. Throws when all tries were in vain. */
export function randomBuilderName(isTaken: (name: string) => boolean): string {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const name = `${pick(MOODS)}_${pick(PEOPLE)}${attempt === 0 ? '' : randomInt(10)}`;
    if (!isTaken(name)) return name;
  }
  throw new TsbuildxError('INVALID_ARGUMENT', 'failed to generate random name');
}

function pick(words: string): string {
  const all = words.split(' ');
  return all[randomInt(all.length)] ?? words;
}
