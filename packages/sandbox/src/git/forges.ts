import { answerGitHub } from './GitHubApi';
import { answerGitLab } from './GitLabApi';
import type { Answer, ApiRequest, ForgeName } from './forge';

/** What the host has to know of a forge to speak as it does. */
export interface Forge {
  name: ForgeName;
  /** Folder of its pages and its API. */
  base: string;
  /** A path of the API: repository, and what is below it. */
  api: RegExp;
  /** The page of a proposal: repository, number, and what is done to it. */
  page: RegExp;
  pathOf(repository: string, number: number): string;
  word: 'pull request' | 'merge request';
  /** How a token is sent. */
  scheme: 'token' | 'Bearer';
  /** What is said to a token that is wrong, and to one that may only read. */
  unknown: string;
  forbidden: string;
  answer(request: ApiRequest): Answer | undefined;
}

export const FORGES: readonly Forge[] = [
  {
    name: 'GitHub',
    base: '',
    api: /^\/api\/v3\/repos\/([^/]+\/[^/]+)(\/.*)$/,
    page: /^\/([^/]+\/[^/]+)\/pull\/(\d+)(?:\/(merge|close))?$/,
    pathOf: (repository, number) => `/${repository}/pull/${number}`,
    word: 'pull request',
    scheme: 'token',
    unknown: 'Bad credentials',
    forbidden: 'Resource not accessible by personal access token',
    answer: answerGitHub,
  },
  {
    name: 'GitLab',
    // As many companies have it: below a folder of a host that serves other things too.
    base: '/gitlab',
    api: /^\/gitlab\/api\/v4\/projects\/([^/]+)(\/.*)$/,
    page: /^\/gitlab\/(.+)\/-\/merge_requests\/(\d+)(?:\/(merge|close))?$/,
    pathOf: (repository, number) =>
      `/gitlab/${repository}/-/merge_requests/${number}`,
    word: 'merge request',
    scheme: 'Bearer',
    unknown: '401 Unauthorized',
    forbidden: '403 Forbidden',
    answer: answerGitLab,
  },
];
