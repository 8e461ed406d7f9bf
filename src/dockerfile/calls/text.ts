// What calls print of their JSON. Matches PrintOutline, PrintTargets and PrintDescribe of frontend/subrequests.
import { alignColumns } from '../../base/columns.ts';
import { member, textMember } from '../../base/json-object.ts';

export function outlineText(json: unknown): string {
  const args = list(member(json, 'args')).map((arg) => texts(arg, 'name', 'value', 'description'));
  return [
    targetText(textMember(json, 'name'), textMember(json, 'description')),
    table([['BUILD ARG', 'VALUE', 'DESCRIPTION'], ...args]),
    table([['SECRET', 'REQUIRED'], ...mounts(member(json, 'secrets'))]),
    table([['SSH', 'REQUIRED'], ...mounts(member(json, 'ssh'))]),
  ].join('');
}

function targetText(name: string, description: string): string {
  if (name === '' && description === '') return '';
  const rows = [['TARGET:', name || '(default)'], ...(description === '' ? [] : [['DESCRIPTION:', description]])];
  return `${alignColumns(rows, 1)}\n`;
}

function mounts(value: unknown): string[][] {
  return list(value).map((mount) => [textMember(mount, 'name'), member(mount, 'required') === true ? 'true' : '']);
}

/** Nothing when there is but the title. */
function table(rows: readonly (readonly string[])[]): string {
  return rows.length < 2 ? '' : `${alignColumns(rows, 3)}\n`;
}

export function targetsText(json: unknown): string {
  const rows = list(member(json, 'targets')).map((target) => [targetName(target), textMember(target, 'description')]);
  return alignColumns([['TARGET', 'DESCRIPTION'], ...rows], 1);
}

function targetName(target: unknown): string {
  const name = textMember(target, 'name');
  if (member(target, 'default') !== true) return name;
  return name === '' ? '(default)' : `${name} (default)`;
}

export function describeText(json: unknown): string {
  const rows = list(json).map((call) => {
    const [name = '', version = '', description = ''] = texts(call, 'name', 'version', 'description');
    return [name.replace(/^frontend\./, ''), version, description];
  });
  return alignColumns([['NAME', 'VERSION', 'DESCRIPTION'], ...rows], 1);
}

function texts(value: unknown, ...names: readonly string[]): string[] {
  return names.map((name) => textMember(value, name));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
