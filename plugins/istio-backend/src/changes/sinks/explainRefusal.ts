import { ChangeSinkError } from '@istio-backstage/plugin-istio-node';

/** A Git host's no, and what its administrator has to look at. */
export interface Refusal {
  status: number;
  /** The host's own words, without credentials. */
  said: string;
  /** Project as in its address: `acme/shop-config`. */
  project: string;
  /** `github.com` */
  host: string;
  /** Where its token stands: `integrations.github`. */
  integration: string;
  /** What the token has to be allowed. */
  rights: string;
  /** Limits and outages pass. */
  passes: boolean;
}

/**
 * Status, the host's words and what to do about it. What is wrong with the request or the rights stays
 * wrong, which a {@link ChangeSinkError} says.
 */
export function explainRefusal(refusal: Refusal): Error {
  const { status, said, passes } = refusal;
  const advice = passes ? undefined : adviceFor(refusal);
  const text = `answered ${status}: ${said}${advice ? `. ${advice}` : ''}`;
  const isFinal = !passes && status >= 400 && status < 500;
  const error = isFinal ? new ChangeSinkError(text) : new Error(text);
  return Object.assign(error, { status });
}

function adviceFor(refusal: Refusal): string | undefined {
  const { status, project, host, integration, rights } = refusal;
  const token = `the token of ${host} in ${integration}`;
  switch (status) {
    case 401:
      return `Renew ${token}`;
    case 403:
      return `Give ${token} ${rights} in ${project}`;
    case 404:
      return `Check the address, and that ${token} may see ${project}`;
    default:
      return undefined;
  }
}

/** Nobody can propose anything without one, so it is said before the first request. */
export function missingToken({
  host,
  integration,
  rights,
}: Pick<Refusal, 'host' | 'integration' | 'rights'>): Error {
  return new ChangeSinkError(
    `there is no token for ${host}: set one in ${integration} that has ${rights}`,
  );
}

/** The branch that is read is not there, or not for the token. */
export function missingBranch(branch: string, project: string): Error {
  return new ChangeSinkError(
    `the token sees no branch ${branch} in ${project}; check repository and branch in istio.git.sources, and what the token may see`,
  );
}

/** Somebody else's branch has the name of a change's. */
export function foreignBranch(branch: string): Error {
  return new ChangeSinkError(
    `the branch ${branch} is there already and holds something else; delete it and ask for the change anew`,
  );
}

/** The history that the files were read at was rewritten before they were sent. */
export function lostBase(commit: string): Error {
  return new ChangeSinkError(
    `the commit ${commit.slice(
      0,
      8,
    )} that the files were read at is gone; ask for the change anew`,
  );
}

/** HTTP status of an error that a host answered with. */
export function statusCodeOf(error: unknown): number | undefined {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' ? status : undefined;
}
