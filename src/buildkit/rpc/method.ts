/** One method of a gRPC service, with the codecs of its messages. */
export interface Method<Req, Res> {
  /** `/package.Service/Method`. */
  readonly path: string;
  encode(request: Req): Uint8Array;
  decode(bytes: Uint8Array): Res;
}
