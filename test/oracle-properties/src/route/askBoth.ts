import { resolveRoute } from '@istio-backstage/plugin-istio-common';
import { alongside, Oracle } from '../world/Oracle';
import { World, worldForCore, worldForOracle } from '../world/World';
import { fromCore, fromOracle, OracleRoute } from './answers';
import { HEADLESS_POD } from './base';
import { RouteQuestion } from './questions';

/** The question in the oracle's words. */
function toOracle({
  request,
  pod,
  mode,
}: RouteQuestion): Record<string, unknown> {
  const { from, host, port, protocol, tls, sni, method, path, headers } =
    request;
  const labels = 'labels' in from ? from.labels : undefined;
  return {
    op: 'route',
    mode,
    from: pod ? { ns: from.namespace, pod } : { ns: from.namespace, labels },
    host,
    port,
    protocol: protocol === 'grpc' ? 'http2' : protocol ?? 'http',
    tls: tls ? 'tls' : 'plaintext',
    ...(sni ? { sni } : {}),
    ...(method ? { method } : {}),
    ...(path ? { path } : {}),
    ...(headers ? { headers } : {}),
    // The oracle's resolver does not know the pods of a headless Service.
    ...(host.includes('heads.') ? { address: HEADLESS_POD } : {}),
  };
}

/** Both answers to every question of a world. */
export async function askBoth(
  oracle: Oracle,
  world: World,
  questions: readonly RouteQuestion[],
): Promise<{ oracle: unknown; core: unknown }[]> {
  const texts = worldForOracle(world);
  const asked = questions.map(question =>
    oracle
      .ask<OracleRoute>({ ...texts, ...toOracle(question) })
      .then(fromOracle, error => ({ error: String(error) })),
  );
  const [answers, own] = await alongside(Promise.all(asked), () => {
    const snapshot = worldForCore(world);
    return questions.map(({ request }) =>
      fromCore(resolveRoute({ snapshot, request })),
    );
  });
  return answers.map((answer, index) => ({ oracle: answer, core: own[index] }));
}
