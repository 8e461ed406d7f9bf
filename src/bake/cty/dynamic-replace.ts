// Matches convert/conversion_dynamic.go of go-cty: the type of a null or unknown value after a conversion.
import { unifyTypes } from './convertible.ts';
import { at, type CollectionType, dynamicType, isCollection, objectType, tupleType, type Type } from './type.ts';

/** The wanted type, where `dynamic` in it becomes what the given type has there. */
export function replaceDynamic(given: Type, want: Type): Type {
  if (given.kind === 'dynamic') return want;
  switch (want.kind) {
    case 'dynamic':
      return given;
    case 'list':
    case 'set':
    case 'map':
      return { kind: want.kind, element: replaceElement(given, want) };
    case 'object':
      return objectType(
        Array.from(want.attributes, ([name, type]) => [name, replaceDynamic(memberOf(given, name), type)] as const),
      );
    case 'tuple':
      return given.kind === 'tuple' && given.elements.length === want.elements.length
        ? tupleType(want.elements.map((type, i) => replaceDynamic(at(given.elements, i), type)))
        : want;
    default:
      return want;
  }
}

function replaceElement(given: Type, want: CollectionType): Type {
  if (isCollection(given)) {
    return (want.kind === 'map') === (given.kind === 'map')
      ? replaceDynamic(given.element, want.element)
      : want.element;
  }
  const parts = want.kind === 'map' ? attributesOf(given) : given.kind === 'tuple' ? given.elements : undefined;
  if (parts === undefined) return want.element;
  return replaceDynamic(unifyTypes(parts)?.type ?? dynamicType, want.element);
}

function attributesOf(type: Type): readonly Type[] | undefined {
  return type.kind === 'object' ? [...type.attributes.values()] : undefined;
}

function memberOf(type: Type, name: string): Type {
  if (type.kind === 'map') return type.element;
  return (type.kind === 'object' ? type.attributes.get(name) : undefined) ?? dynamicType;
}
