/** What a request or an answer says, for a person to read. */

export interface Said {
  /** Who, or what it is: a role as the protocol names it, else null. */
  readonly role: string | null;
  readonly text: string;
  /** Functions that are called there. */
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  /** Pictures that go along: `data:` addresses. */
  readonly images: readonly string[];
}

export interface Readable {
  readonly said: readonly Said[];
  /** Names of the functions that the model may call. */
  readonly tools: readonly string[];
  /** How many messages carried sound. */
  readonly sounds: number;
}
