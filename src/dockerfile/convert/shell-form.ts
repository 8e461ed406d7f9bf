import type { ImageConfig } from './image-config.ts';

/** A command in shell form as the words to run: the shell of the image, then the command as one word. */
export function withShell(image: ImageConfig, command: readonly string[]): string[] {
  const { shell } = image.config;
  return [...(shell.length > 0 ? shell : defaultShell(image.os)), command.join(' ')];
}

function defaultShell(os: string): readonly string[] {
  return os === 'windows' ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'];
}
