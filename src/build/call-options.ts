/** What a frontend is asked instead of building. */
export interface CallRequest {
  /** `lint`, `outline`, `targets`, `subrequests.describe`, or what else another frontend knows. */
  readonly name: string;
  /** `json`: the result as it is. Default: as a text for people. */
  readonly format?: string | undefined;
}

/** What a call gave. */
export interface CallResult {
  /** `result.json`, `result.txt`, `result.statuscode`, `version`. */
  readonly response: Readonly<Record<string, string>>;
  /** The result in the format that was asked for. */
  readonly text: string;
  /** Why a check could not be finished, with the lines concerned; `text` has what was found before. */
  readonly error: string | undefined;
  /** 0 when all is well; a check that finds something has 1. */
  readonly status: number;
}
