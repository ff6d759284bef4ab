import type {
  AnswerTo,
  AuthzQuestion as OracleAuthzQuestion,
  MtlsQuestion as OracleMtlsQuestion,
  Oracle,
  Question as OracleQuestion,
  RouteQuestion as OracleRouteQuestion,
} from '../oracle';
import { PORT } from './baseObjects';
import type { ComparisonMesh, MeshPod } from './ComparisonMesh';
import { readOracleRoute } from './readOracleRoute';
import type {
  AuthzQuestion,
  AuthzVerdict,
  MtlsQuestion,
  MtlsVerdict,
  Question,
  RouteQuestion,
  RouteVerdict,
  Verdict,
} from './types';

/** The world all questions of a case are about. */
export interface OracleWorld {
  yaml: string;
  meshConfig: string;
}

const workloadOf = ({ namespace, name }: MeshPod) => ({
  ns: namespace,
  pod: name,
});

/** Asks Istio's own code, and puts the answer in the words of the comparison. */
export class OracleSide {
  constructor(
    private readonly oracle: Pick<Oracle, 'ask'>,
    private readonly mesh: ComparisonMesh,
    private readonly world: OracleWorld,
  ) {}

  /** @throws Error with the oracle's words when it cannot answer */
  ask(question: Question): Promise<Verdict> {
    switch (question.ask) {
      case 'route':
        return this.route(question);
      case 'mtls':
        return this.mtls(question);
      default:
        return this.authz(question);
    }
  }

  private async route(question: RouteQuestion): Promise<RouteVerdict> {
    const { hostname, port, host, pathname, search } = new URL(question.url);
    const answer = await this.send<OracleRouteQuestion>({
      op: 'route',
      from: workloadOf(this.mesh.pod(question.from)),
      // As the client sends it: with the port, unless that is the protocol's own.
      host: question.headers?.host ?? host,
      ...(question.headers?.host && { address: hostname }),
      port: Number(port || 80),
      method: question.method ?? 'GET',
      path: `${pathname}${search}`,
      headers: question.headers ?? {},
      raw: true,
    });
    return readOracleRoute(answer, question);
  }

  private async mtls(question: MtlsQuestion): Promise<MtlsVerdict> {
    if (question.to) {
      const answer = await this.send<OracleMtlsQuestion>({
        op: 'mtls',
        server: workloadOf(this.mesh.pod(question.to)),
        ports: [question.port ?? PORT],
      });
      const { plaintext, mtls } = answer.server![0];
      return { plaintext, mtls };
    }
    return { sends: await this.sends(question.from!, question.url!) };
  }

  private async authz(question: AuthzQuestion): Promise<AuthzVerdict> {
    const { from, to, port = PORT } = question;
    const client = this.mesh.pod(from);
    const server = this.mesh.pod(to);
    const url = serviceUrl(server, port);
    const encrypted =
      client.hasProxy && (await this.sends(from, url)) === 'mtls';
    const answer = await this.send<OracleAuthzQuestion>({
      op: 'authz',
      server: workloadOf(server),
      port,
      ...(encrypted && {
        principal: `spiffe://cluster.local/ns/${client.namespace}/sa/${client.account}`,
      }),
      sourceIp: client.address,
      host: client.hasProxy ? new URL(url).host : `${server.address}:${port}`,
      method: question.method ?? 'GET',
      path: question.path ?? '/',
      headers: question.headers ?? {},
      ...(question.claims && { claims: question.claims }),
    });
    if (answer.decision === 'external') {
      throw new Error('An external provider decides, and the lab has none');
    }
    return { decision: answer.decision };
  }

  private async sends(
    from: string,
    url: string,
  ): Promise<'mtls' | 'plaintext'> {
    const { hostname, port } = new URL(url);
    const { client } = await this.send<OracleMtlsQuestion>({
      op: 'mtls',
      client: workloadOf(this.mesh.pod(from)),
      host: hostname,
      port: Number(port || 80),
    });
    const ways = new Set(client!.endpoints.map(({ sends }) => sends));
    const [way] = ways;
    if (ways.size !== 1 || (way !== 'mtls' && way !== 'plaintext')) {
      throw new Error(`${from} sends ${[...ways].join(' and ')} to ${url}`);
    }
    return way;
  }

  private send<Q extends OracleQuestion>(
    question: Omit<Q, keyof OracleWorld> & Pick<Q, 'op'>,
  ): Promise<AnswerTo<Q>> {
    return this.oracle.ask({ ...question, ...this.world } as unknown as Q);
  }
}

/** The server's Service, as a client in the mesh calls it. */
export function serviceUrl(
  { namespace, object }: MeshPod,
  port: number,
): string {
  return `http://${object.metadata.labels?.app}.${namespace}:${port}`;
}
