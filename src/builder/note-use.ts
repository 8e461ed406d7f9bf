import type { BuilderChoice } from './choose.ts';
import type { EngineSettings } from './open-engine.ts';
import { noteActivity, openStateDir } from './store/index.ts';

/** Notes when a builder builds, which `ls` and `inspect` show. A home that cannot be written is no reason not to build. */
export function noteUse(choice: BuilderChoice, { config, env }: EngineSettings): void {
  if (choice.kind === 'address') return;
  const name = choice.kind === 'engine' ? choice.name : choice.instance.name;
  // while the daemon has not answered yet
  setImmediate(() => {
    try {
      noteActivity(openStateDir(config.dir, env), name, new Date());
    } catch {
      // what is lost is a date in a list
    }
  });
}
