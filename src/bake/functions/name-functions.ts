// Matches the functions of names, paths and versions of buildx bake/hclparser/stdlib.go.
import { basePath, dirPath } from '../../base/go-path.ts';
import { boolType, boolValue, type FunctionSpec, stringType, stringValue, type Value } from '../cty/index.ts';
import { define } from './define.ts';
import { text } from './parameter.ts';
import { parseVersion } from './version.ts';
import { parseConstraints, satisfies } from './version-constraint.ts';

function ofText(name: string, run: (value: string) => string): FunctionSpec {
  return define({
    parameters: [text(name)],
    returns: stringType,
    run: (value: Value) => stringValue(run(value.asString())),
  });
}

/** What is not allowed in the name of a target becomes `_`. */
function sanitize(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/gu, '_');
}

export function nameFunctions(homeDirectory: string): Readonly<Record<string, FunctionSpec>> {
  return {
    basename: ofText('path', basePath),
    dirname: ofText('path', dirPath),
    homedir: define({ returns: stringType, run: () => stringValue(homeDirectory) }),
    sanitize: ofText('name', sanitize),
    semvercmp: define({
      // Spelled as buildx does: the name stands in its error texts.
      parameters: [text('version'), text('contraint')],
      returns: boolType,
      run: (version: Value, constraint: Value) => {
        const parsed = parseVersion(version.asString());
        return boolValue(satisfies(parsed, parseConstraints(constraint.asString())));
      },
    }),
  };
}
