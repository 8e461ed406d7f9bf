// Results of the bridge to and from our own types.
import { moby, pb } from '../../proto/index.ts';
import type { BridgeAttestation, BridgeRef, BridgeResult } from './bridge.ts';

type WireResult = moby.buildkit.v1.frontend.Result.$Properties;
type WireRef = moby.buildkit.v1.frontend.Ref.$Properties;
type WireAttestation = moby.buildkit.v1.frontend.Attestation.$Properties;

const { AttestationKind, InTotoSubjectKind } = moby.buildkit.v1.frontend;

export function encodeResult(result: BridgeResult): WireResult {
  const refs = result.refs === undefined ? undefined : mapValues(result.refs, encodeRef);
  return {
    ...(refs === undefined ? { ref: encodeRef(result.ref) } : { refs: { refs } }),
    metadata: Object.fromEntries(result.metadata),
    attestations: mapValues(result.attestations ?? new Map(), (list) => ({ attestation: list.map(encodeAttestation) })),
  };
}

export function decodeResult(result: WireResult): BridgeResult {
  const metadata = new Map(Object.entries(result.metadata ?? {}));
  const attestations = new Map(
    Object.entries(result.attestations ?? {}).map(([id, list]) => [
      id,
      (list.attestation ?? []).map(decodeAttestation),
    ]),
  );
  const refs = result.refs?.refs ?? deprecatedRefs(result.refsDeprecated?.refs);
  if (refs) {
    return { refs: new Map(Object.entries(refs).map(([id, ref]) => [id, decodeRef(ref)])), metadata, attestations };
  }
  return { ref: decodeRef(result.ref ?? { id: result.refDeprecated ?? '' }), metadata, attestations };
}

/** An empty id stands for an empty result. */
function encodeRef(ref: BridgeRef | undefined): WireRef {
  return { id: ref?.id ?? '' };
}

function decodeRef(ref: WireRef): BridgeRef | undefined {
  if (!ref.id) return undefined;
  return { id: ref.id, definition: ref.def ? pb.Definition.encode(ref.def).finish() : undefined };
}

function deprecatedRefs(ids: Readonly<Record<string, string>> | null | undefined): Record<string, WireRef> | undefined {
  if (ids === null || ids === undefined) return undefined;
  return Object.fromEntries(Object.entries(ids).map(([platform, id]) => [platform, { id }]));
}

function encodeAttestation(attestation: BridgeAttestation): WireAttestation {
  return {
    kind: attestation.kind === 'bundle' ? AttestationKind.Bundle : AttestationKind.InToto,
    metadata: Object.fromEntries(attestation.metadata),
    ref: encodeRef(attestation.ref),
    path: attestation.path,
    inTotoPredicateType: attestation.predicateType,
    inTotoSubjects: attestation.subjects.map((subject) => ({
      kind: subject.kind === 'raw' ? InTotoSubjectKind.Raw : InTotoSubjectKind.Self,
      digest: [...subject.digests],
      name: subject.name,
    })),
  };
}

function decodeAttestation(attestation: WireAttestation): BridgeAttestation {
  return {
    kind: attestation.kind === AttestationKind.Bundle ? 'bundle' : 'in-toto',
    metadata: new Map(Object.entries(attestation.metadata ?? {})),
    ref: decodeRef(attestation.ref ?? {}),
    path: attestation.path ?? '',
    predicateType: attestation.inTotoPredicateType ?? '',
    subjects: (attestation.inTotoSubjects ?? []).map((subject) => ({
      kind: subject.kind === InTotoSubjectKind.Raw ? 'raw' : 'self',
      digests: subject.digest ?? [],
      name: subject.name ?? '',
    })),
  };
}

function mapValues<In, Out>(map: ReadonlyMap<string, In>, convert: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Array.from(map, ([key, value]) => [key, convert(value)]));
}
