/** Whom the server takes a request to come from. */
export interface UserInfo {
  user: string;
  /** `system:authenticated` (or `system:unauthenticated`) included. */
  groups: string[];
  uid?: string;
  extra: Record<string, string[]>;
}

/** A question to authorization. */
export type AccessQuestion =
  | {
      verb: string;
      group: string;
      resource: string;
      subresource?: string;
      namespace?: string;
      name?: string;
    }
  | { verb: string; path: string };

export interface AccessAnswer {
  allowed: boolean;
  reason: string;
}

export interface Authorizer {
  authorize(user: UserInfo, question: AccessQuestion): AccessAnswer;
}
