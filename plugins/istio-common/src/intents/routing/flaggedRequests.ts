import type { TrafficObservation } from '../../telemetry/types';

/**
 * Requests to a Service as its callers' proxies counted them, and those that ended with one of Envoy's
 * response flags: the callers' proxies keep timeouts, retries and limits, so only they report them.
 */
export function flaggedRequests(
  service: { namespace: string; service: string },
  observations: readonly TrafficObservation[],
  flag: string,
): { flagged: number; all: number } {
  const samples = observations
    .flatMap(({ requests }) => requests)
    .filter(
      sample =>
        sample.reporter === 'source' &&
        sample.destinationServiceName === service.service &&
        sample.destinationServiceNamespace === service.namespace,
    );
  const sum = (list: typeof samples) =>
    Math.round(list.reduce((total, { requests }) => total + requests, 0));
  return {
    all: sum(samples),
    flagged: sum(
      samples.filter(({ responseFlags }) =>
        responseFlags?.split(',').includes(flag),
      ),
    ),
  };
}
