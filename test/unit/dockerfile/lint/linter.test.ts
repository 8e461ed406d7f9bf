import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineRanges, noLines } from '../../../../src/dockerfile/syntax/index.ts';
import { type CheckConfig, defaultCheckConfig, Linter, rules } from '../../../../src/dockerfile/lint/index.ts';

const line = { start: 3, end: 4 };

/** A linter, and the names of the rules that come through. */
function collect(config: Partial<CheckConfig>): { linter: Linter; found: string[] } {
  const found: string[] = [];
  return { linter: new Linter({ ...defaultCheckConfig, ...config }, ({ rule }) => found.push(rule)), found };
}

function reportAll(linter: Linter): void {
  linter.report(rules.maintainerDeprecated, line);
  linter.report(rules.stageNameCasing, line, 'A');
  linter.report(rules.invalidDefinitionDescription, line, 'ARG', 'a');
}

const configs: readonly [config: Partial<CheckConfig>, found: readonly string[]][] = [
  [{}, ['MaintainerDeprecated', 'StageNameCasing']],
  [{ skipRules: ['StageNameCasing'] }, ['MaintainerDeprecated']],
  [{ skipAll: true }, []],
  [{ skipAll: true, experimentalAll: true }, ['InvalidDefinitionDescription']],
  [{ experimentalRules: ['InvalidDefinitionDescription'], skipAll: true }, ['InvalidDefinitionDescription']],
  [{ experimentalRules: ['StageNameCasing'] }, ['MaintainerDeprecated', 'StageNameCasing']],
];

for (const [config, expected] of configs) {
  test(JSON.stringify(config), () => {
    const { linter, found } = collect(config);
    reportAll(linter);
    assert.deepEqual(found, expected);
  });
}

test('a warning is complete', () => {
  const found: unknown[] = [];
  new Linter(defaultCheckConfig, (warning) => found.push(warning)).report(rules.stageNameCasing, line, 'Ab');
  assert.deepEqual(found, [
    {
      rule: 'StageNameCasing',
      description: 'Stage names should be lowercase',
      url: 'https://docs.docker.com/go/dockerfile/rule/stage-name-casing/',
      message: "Stage name 'Ab' should be lowercase",
      lines: line,
    },
  ]);
});

test('comments change the configuration for one instruction', () => {
  const { linter, found } = collect({});
  reportAll(linter.withComments(['x', 'check=skip=all;experimental=all y']));
  assert.deepEqual(found, ['InvalidDefinitionDescription']);
  reportAll(linter.withComments(['check=nonsense', 'check=skip=all']));
  assert.deepEqual(found.slice(1), ['MaintainerDeprecated', 'StageNameCasing']);
});

test('findings fail the build where asked for, those of single instructions included', () => {
  const { linter } = collect({ returnAsError: true });
  linter.throwIfViolated();
  reportAll(linter.withComments(['check=skip=StageNameCasing']));
  assert.throws(() => linter.throwIfViolated(), {
    code: 'DOCKERFILE',
    message: 'lint violation found for rules: MaintainerDeprecated',
  });
  const lenient = collect({});
  reportAll(lenient.linter);
  lenient.linter.throwIfViolated();
});

test('every rule has a name, a description and its page', () => {
  for (const rule of Object.values(rules)) {
    assert.match(rule.name, /^[A-Z][A-Za-z]+$/);
    assert.notEqual(rule.description, '');
    const page = rule.name
      .replace(/JSON/, 'Json')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      .slice(1);
    const url = `https://docs.docker.com/go/dockerfile/rule/${page}/`;
    assert.equal(rule.url, rule === rules.invalidBaseImagePlatform ? '' : url);
  }
});

test('a warning about what no line names has no place', () => {
  const places: object[] = [];
  const linter = new Linter(defaultCheckConfig, ({ lines }) => places.push(...lineRanges(lines)));
  linter.report(rules.stageNameCasing, noLines, 'A');
  assert.deepEqual(places, []);
});
