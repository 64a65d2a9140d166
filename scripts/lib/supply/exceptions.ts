/** What is let in although a rule refuses it: each with the reason why. */
export type Exceptions = {
  /** By `name@version`. */
  readonly licences: Readonly<Record<string, string>>;
  /** By the last part of an advisory’s address, `GHSA-…`. */
  readonly advisories: Readonly<Record<string, string>>;
};

export const exceptions: Exceptions = { licences: {}, advisories: {} };
