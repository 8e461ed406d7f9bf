/** Makes `env` the environment of this process, for code that takes everything from there; undefined removes. Disposing restores it. */
export function replaceProcessEnv(env: Readonly<Record<string, string | undefined>>): Disposable {
  const before = { ...process.env };
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  return {
    [Symbol.dispose]() {
      for (const name of Object.keys(process.env)) {
        if (!(name in before)) Reflect.deleteProperty(process.env, name);
      }
      Object.assign(process.env, before);
    },
  };
}
