import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { powershellScript } from './powershell.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<string, (program: string, request: string) => string>> = {
  bash: bashScript,
  fish: fishScript,
  powershell: powershellScript,
  zsh: zshScript,
};

/** The script by which a shell asks the program; undefined for a shell that is none of them. */
export function completionScript(shell: string, program: string, withDescriptions: boolean): string | undefined {
  // bash shows no descriptions
  const request = withDescriptions && shell !== 'bash' ? '__complete' : '__completeNoDesc';
  return Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell]?.(program, request) : undefined;
}

export const shells: readonly string[] = Object.keys(SCRIPTS);
