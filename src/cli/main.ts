// The first code that runs. docker asks every plugin for its metadata, and scripts ask for the version: both are answered
// before anything else is loaded.
import { writeSync } from 'node:fs';
import { metadataText, versionLine } from './version.ts';

function quickAnswer(words: readonly string[]): string | undefined {
  if (words[0] === 'docker-cli-plugin-metadata') return metadataText;
  const isNamed = words[0] === 'tsbuildx' || words[0] === 'buildx';
  const rest = isNamed ? words.slice(1) : words;
  return rest.length === 1 && rest[0] === 'version' ? versionLine : undefined;
}

const answer = quickAnswer(process.argv.slice(2));
if (answer === undefined) {
  void import('./run.ts').then(({ run }) => run());
} else {
  writeSync(1, answer);
  process.exit(0);
}
