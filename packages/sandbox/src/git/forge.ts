import type { GitRepository } from './GitRepository';

/** Whose API and whose words. */
export type ForgeName = 'GitHub' | 'GitLab';

/** What an API answers. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A request below the address of one repository. */
export interface ApiRequest {
  repository: GitRepository;
  /** `acme/shop-config` */
  name: string;
  /** Address of the forge's pages, without a slash at its end. */
  url: string;
  method: string;
  /** As it was sent: escapes stand. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

export interface ApiCall extends ApiRequest {
  /** What the path's pattern caught. */
  found: string;
}
