import {
  MtlsAnswer,
  resolveMtlsPair,
} from '@istio-backstage/plugin-istio-common';
import { compareAnswers } from '../world/compareAnswers';
import { Oracle, ORACLE } from '../world/Oracle';
import { World, worldForCore, worldForOracle } from '../world/World';
import { MtlsQuestion, mtlsWorlds } from './worlds';

interface OracleServer {
  server: {
    mode: string;
    plaintext: 'accepted' | 'refused';
    mtls: 'accepted' | 'refused' | 'opaque';
  }[];
}

interface OracleClient {
  client: {
    exists: boolean;
    default?: string;
    endpoints: { address: string; sends: string }[];
  };
}

/** Both answers in the same words. */
interface Answer {
  mode: string;
  sends?: string;
  outcome?: string;
}

/** A pod without proxy: the oracle would answer for the proxy that it does not have. */
function hasProxy(world: World, name: MtlsQuestion['server']): boolean {
  const pod = findPod(world, name);
  return pod?.metadata.labels?.['security.istio.io/tlsMode'] === 'istio';
}

function findPod(world: World, { namespace, name }: MtlsQuestion['server']) {
  return world.objects.find(
    ({ kind, metadata }) =>
      kind === 'Pod' &&
      metadata.namespace === namespace &&
      metadata.name === name,
  );
}

function outcomeOf(
  sends: string,
  server: OracleServer['server'][0] | undefined,
): string | undefined {
  if (sends === 'plaintext') {
    return server?.plaintext === 'refused' ? 'refused' : 'plaintext';
  }
  if (sends === 'mtls') {
    return server?.mtls === 'accepted' ? 'encrypted' : 'refused';
  }
  return undefined;
}

async function askOracle(
  oracle: Oracle,
  world: World,
  question: MtlsQuestion,
): Promise<Answer> {
  const { server, client, service, port, servicePort, subset } = question;
  const texts = worldForOracle(world);
  // Both are sent before either is awaited: those about one world stay together.
  const asked = hasProxy(world, server)
    ? oracle.ask<OracleServer>({
        op: 'mtls',
        ...texts,
        server: { ns: server.namespace, pod: server.name },
        ports: [port],
      })
    : undefined;
  const finding = oracle
    .ask<OracleClient>({
      op: 'mtls',
      ...texts,
      client: { ns: client.namespace, pod: client.name },
      host: `${service.name}.${service.namespace}.svc.cluster.local`,
      port: servicePort,
      subset,
    })
    .then(
      answer => answer.client,
      error => {
        if (String(error).includes('sees no service')) {
          return undefined;
        }
        throw error;
      },
    );
  const [modes, found] = await Promise.all([asked, finding]);
  const mode = modes?.server[0];
  const answer = { mode: mode?.mode ?? 'OUTSIDE' };
  if (found && !found.exists) {
    return { ...answer, sends: 'nothing', outcome: 'refused' };
  }
  const podIp = (findPod(world, server)?.status as { podIP: string }).podIP;
  const endpoint = found?.endpoints.find(({ address }) =>
    address.startsWith(`${podIp}:`),
  );
  // A service that is not seen is called by address, as it is.
  const sends = found ? endpoint?.sends ?? found.default ?? '' : 'plaintext';
  return { ...answer, sends, outcome: outcomeOf(sends, mode) };
}

function fromCore(answer: MtlsAnswer, expected: Answer): Answer {
  const { mode, client } = answer;
  const missing =
    client?.decidedBy[0].by === 'nothing' &&
    client.decidedBy[0].note.includes('defines the subset');
  return {
    mode,
    sends: missing ? 'nothing' : client?.sends,
    ...(expected.outcome === undefined
      ? { outcome: undefined }
      : { outcome: client?.outcome }),
  };
}

describe('mTLS, as Istio configures it', () => {
  const oracle = Oracle.start(ORACLE);
  afterAll(() => oracle.stop());

  it('agrees with istiod about every port and every call of every world', async () => {
    const result = await compareAnswers<World, MtlsQuestion>({
      subject: 'mtls',
      size: { seed: 32, worlds: 200, nightly: 5000 },
      arbitrary: mtlsWorlds,
      tally: given => {
        const { sends, outcome } = given as Answer;
        return `${sends} ${outcome ?? ''}`;
      },
      ask: async (world, questions) => {
        const snapshot = worldForCore(world);
        return Promise.all(
          questions.map(async question => {
            const expected = await askOracle(oracle, world, question);
            const { server, client, service, port, servicePort, subset } =
              question;
            const answer = resolveMtlsPair({
              snapshot,
              server: { kind: 'Pod', ...server },
              port,
              client: {
                workload: { kind: 'Pod', ...client },
                service: { ...service, port: servicePort },
                subset,
              },
            });
            return { oracle: expected, core: fromCore(answer, expected) };
          }),
        );
      },
    });
    expect(result.disagreements.slice(0, 1)).toEqual([]);
  });
});
