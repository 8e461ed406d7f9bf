// Matches frontend/dockerui/requests.go: what a frontend answers instead of building.
import { TsbuildxError } from '../../base/errors.ts';
import {
  type CallResponse,
  convertCall,
  convertResponse,
  describeCall,
  describeResponse,
  lintCall,
  lintResponse,
  outlineCall,
  outlineResponse,
  targetsCall,
  targetsResponse,
} from '../calls/index.ts';
import type { FrontendResult } from './gateway.ts';
import { lintDockerfile } from './lint.ts';
import { convertPlatform, definitionOf, type FrontendSignal, outlineTarget, type PreparedFrontend } from './prepare.ts';
import { tellWarnings } from './tell-warnings.ts';

/** Answers the call of that name, for example `frontend.lint`. Throws UNSUPPORTED when there is no such call. */
export async function runCall(
  frontend: PreparedFrontend,
  name: string,
  options: FrontendSignal,
): Promise<FrontendResult> {
  const response = await answer(frontend, name, options);
  const metadata = Object.entries(response).map(([key, value]): [string, Uint8Array] => [key, Buffer.from(value)]);
  return { metadata: new Map(metadata) };
}

async function answer(frontend: PreparedFrontend, name: string, options: FrontendSignal): Promise<CallResponse> {
  const { data } = frontend.source.sourceMap;
  switch (name) {
    case lintCall.name:
      return lintResponse(await lintDockerfile(frontend, options));
    case outlineCall.name:
      return await outline(frontend, options);
    case targetsCall.name:
      return targetsResponse(data);
    case convertCall.name:
      return await convert(frontend, options);
    case describeCall.name:
      return describeResponse();
    default:
      throw new TsbuildxError('UNSUPPORTED', `unsupported request ${name}`);
  }
}

async function convert(frontend: PreparedFrontend, { signal }: FrontendSignal): Promise<CallResponse> {
  const warnings = tellWarnings(frontend, { signal });
  try {
    const conversion = await convertPlatform(frontend, undefined, warnings.sink, { signal });
    return convertResponse(definitionOf(conversion, frontend.gateway));
  } finally {
    await warnings.told();
  }
}

async function outline(frontend: PreparedFrontend, options: FrontendSignal): Promise<CallResponse> {
  const warnings = tellWarnings(frontend, options);
  try {
    return outlineResponse(await outlineTarget(frontend, warnings.sink, options), frontend.source.sourceMap.data);
  } finally {
    await warnings.told();
  }
}
