import { randomUUID } from 'node:crypto';
import { serviceUrl } from './OracleSide';
import { PORT } from './baseObjects';
import { clusterName } from './clusterName';
import type { ComparisonMesh, MeshPod } from './ComparisonMesh';
import type { HttpAnswer } from './PodProbe';
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

/** Requests at a time. */
const WIDTH = 8;

/** Of labapp's answer. */
interface AppReply {
  xfcc: boolean;
  path: string;
  host?: string;
}

const DECISIONS: Record<string, AuthzVerdict['decision']> = {
  200: 'allow',
  401: 'unauthorized',
  403: 'deny',
};

/** Asks the running Envoys by real requests. */
export class EnvoySide {
  constructor(private readonly mesh: ComparisonMesh) {}

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
    const client = this.mesh.pod(question.from);
    if (question.slowMs) await this.slowDown(question.slowMs);
    try {
      const sent = await this.sendMany(client, question);
      const lines = await client.log.find(sent.map(({ id }) => id));
      const [{ answer }] = sent;
      const [{ response_flags: flags }] = lines;
      const to: Record<string, number> = {};
      for (const { upstream_cluster: cluster } of lines) {
        if (!cluster) continue;
        const name = clusterName(cluster);
        to[name] = (to[name] ?? 0) + 1;
      }
      return {
        status: answer.status ?? 0,
        ...(flags && flags !== '-' && { flags: flags.split(',')[0] }),
        ...(Object.keys(to).length > 0 && { to }),
        ...(answer.headers?.location && { location: answer.headers.location }),
        ...readRewritten(answer, question),
      };
    } finally {
      if (question.slowMs) await this.slowDown(0);
    }
  }

  private async sendMany(
    client: MeshPod,
    { url, method, headers, count = 1 }: RouteQuestion,
  ): Promise<{ id: string; answer: HttpAnswer }[]> {
    const sent: { id: string; answer: HttpAnswer }[] = [];
    const worker = async () => {
      while (sent.length < count) {
        const id = randomUUID();
        const slot: { id: string; answer: HttpAnswer } = { id, answer: {} };
        sent.push(slot);
        slot.answer = await client.probe.http({
          url,
          method,
          headers: { ...headers, 'x-request-id': id },
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(count, WIDTH) }, worker));
    return sent;
  }

  private async mtls(question: MtlsQuestion): Promise<MtlsVerdict> {
    if (question.to) return this.serverPort(question.to, question.port ?? PORT);
    const answer = await this.mesh
      .pod(question.from!)
      .probe.http({ url: question.url! });
    if (answer.status !== 200) {
      throw new Error(
        `${question.from} gets ${answer.status ?? answer.error} from ${
          question.url
        }: whether it was encrypted cannot be seen`,
      );
    }
    return { sends: replyOf(answer)?.xfcc ? 'mtls' : 'plaintext' };
  }

  /** Asked from outside the mesh, at the Pod's own address: nobody's proxy is between. */
  private async serverPort(to: string, port: number): Promise<MtlsVerdict> {
    const { address, namespace, account } = this.mesh.pod(to);
    const { probe } = this.mesh.pod('bare');
    const plain = await probe.http({ url: `http://${address}:${port}/` });
    const secure = await probe.tls({ host: address, port });
    const identity = `URI:spiffe://cluster.local/ns/${namespace}/sa/${account}`;
    return {
      plaintext: plain.status === 200 ? 'accepted' : 'refused',
      mtls: secure.names?.includes(identity) ? 'accepted' : 'opaque',
    };
  }

  private async authz(question: AuthzQuestion): Promise<AuthzVerdict> {
    const { from, to, port = PORT, path = '/', method, claims } = question;
    const client = this.mesh.pod(from);
    const server = this.mesh.pod(to);
    const base = client.hasProxy
      ? serviceUrl(server, port)
      : `http://${server.address}:${port}`;
    const { status } = await client.probe.http({
      url: `${base}${path}`,
      method,
      headers: {
        ...question.headers,
        ...(claims && {
          authorization: `Bearer ${this.mesh.tokens.sign(claims)}`,
        }),
      },
    });
    return { decision: DECISIONS[String(status)] ?? 'refused' };
  }

  /** All servers, on the loopback of their Pods: past every proxy. */
  private async slowDown(delayMs: number): Promise<void> {
    for (const { probe } of this.mesh.all()) {
      await probe.http({
        url: `http://127.0.0.1:${PORT}/ctl?delay=${delayMs}`,
      });
    }
  }
}

function replyOf({ body }: HttpAnswer): AppReply | undefined {
  return body?.startsWith('{') ? JSON.parse(body) : undefined;
}

/** What the server saw other than what was sent. */
function readRewritten(
  answer: HttpAnswer,
  { url, headers }: RouteQuestion,
): Pick<RouteVerdict, 'path' | 'host'> {
  const reply = replyOf(answer);
  if (!reply) return {};
  const { pathname, search, host } = new URL(url);
  const sentHost = headers?.host ?? host;
  return {
    ...(reply.path !== `${pathname}${search}` && { path: reply.path }),
    ...(reply.host && reply.host !== sentHost && { host: reply.host }),
  };
}
