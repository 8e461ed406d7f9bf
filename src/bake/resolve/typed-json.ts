// Matches cty/json's Marshal by a type: where that is open, the value's own type is written beside it.
import { goJson } from '../../base/go-json.ts';
import { isCollection, type Type, type Value, valueToJson } from '../cty/index.ts';

/** Throws INVALID_ARGUMENT for what has no form in JSON. */
export function typedJson(value: Value, type: Type): string {
  if (type.kind === 'dynamic') return `{"value":${valueToJson(value)},"type":${typeJson(value.type)}}`;
  if (!value.isPresent) return valueToJson(value);
  if (type.kind === 'map') return members(value, () => type.element);
  if (isCollection(type))
    return `[${value
      .asElements()
      .map((element) => typedJson(element, type.element))
      .join(',')}]`;
  if (type.kind === 'tuple') {
    const { elements } = type;
    return `[${value
      .asElements()
      .map((element, at) => typedJson(element, elements[at] ?? element.type))
      .join(',')}]`;
  }
  return type.kind === 'object' ? members(value, (name) => type.attributes.get(name)) : valueToJson(value);
}

function members(value: Value, typeOf: (name: string) => Type | undefined): string {
  const entries = Array.from(value.asMembers(), ([name, member]) => {
    return `${goJson(name)}:${typedJson(member, typeOf(name) ?? member.type)}`;
  });
  return `{${entries.join(',')}}`;
}

function typeJson(type: Type): string {
  if (isCollection(type)) return `["${type.kind}",${typeJson(type.element)}]`;
  if (type.kind === 'tuple') return `["tuple",[${type.elements.map(typeJson).join(',')}]]`;
  if (type.kind !== 'object') return `"${type.kind}"`;
  const attributes = Array.from(type.attributes, ([name, attribute]) => `${goJson(name)}:${typeJson(attribute)}`);
  return `["object",{${attributes.join(',')}}]`;
}
