import {
  CertificateRef,
  ExposureAnswer,
  GatewayExposure,
  OuterService,
  resolveExposure,
} from '@istio-backstage/plugin-istio-common';
import { parseName, requiredFlag } from '../arguments/readFlags';
import { findWorkload } from '../input/findWorkload';
import { matchServices } from '../input/matchServices';
import { describeBy, describeDecider, toJsonBy, toJsonObject } from './toJson';
import { Answerer } from './types';

/** Through what a workload is reached from outside, and what it may reach. */
export const answerExposure: Answerer = (snapshot, values) => {
  const to = parseName(requiredFlag(values, 'to'), '--to');
  const workload = findWorkload(snapshot, to, '--to');
  const match = matchServices(snapshot, workload);
  const answer = resolveExposure({
    snapshot,
    match: { ...match, workloads: match.workloads.slice(0, 1) },
    // Files are read as they are now.
    now: snapshot.asOf,
  });
  return { json: toJson(answer), text: describe(answer), bad: false };
};

function toJson(answer: ExposureAnswer): Record<string, unknown> {
  const { gateways, services, outbound, caveats } = answer;
  return {
    gateways: gateways.map(({ gateway, fieldPath, rules, ...rest }) => ({
      ...rest,
      certificates: rest.certificates.map(certificateToJson),
      gateway: toJsonObject(gateway),
      path: fieldPath,
      decidedBy: rules.map(rule => ({
        object: toJsonObject(rule.object),
        path: rule.fieldPath,
      })),
      services: rest.services.map(serviceToJson),
    })),
    services: services.map(serviceToJson),
    outbound: {
      mode: outbound.mode,
      text: outbound.text,
      ...toJsonBy(outbound.decidedBy),
      hosts: outbound.hosts.map(host => ({
        ...host,
        object: toJsonObject(host.object),
      })),
    },
    caveats,
  };
}

/** Flat: name and place of the certificate, and what is known of it. */
function certificateToJson(named: CertificateRef): Record<string, unknown> {
  const { fieldPath, certificate, ...secret } = named;
  const { decidedBy, ...known } = certificate;
  return {
    ...secret,
    path: fieldPath,
    ...known,
    decidedBy: decidedBy
      ? [
          {
            object: toJsonObject(decidedBy.object),
            path: decidedBy.fieldPath,
          },
        ]
      : [],
  };
}

function serviceToJson(service: OuterService) {
  return { ...service, object: toJsonObject(service.object) };
}

function describe(answer: ExposureAnswer): string {
  const { gateways, services, outbound, caveats } = answer;
  return [
    ...gateways.flatMap(describeGateway),
    ...services.map(
      ({ object, reach, ports }) =>
        `past every gateway: Service ${object.namespace}/${
          object.name
        }, ${reach}, ports ${ports
          .map(({ port, nodePort }) => nodePort ?? port)
          .join(', ')}`,
    ),
    ...(gateways.length + services.length === 0
      ? ['not reached from outside by what was read']
      : []),
    `may reach outside: ${outbound.text}`,
    ...outbound.decidedBy.map(by => `  decided by ${describeBy(by)}`),
    ...outbound.hosts.map(
      ({ host, ports }) => `  ${host}, ports ${ports.join(', ')}`,
    ),
    ...caveats.map(text => `note: ${text}`),
  ].join('\n');
}

function describeGateway(exposure: GatewayExposure): string[] {
  const { gateway, fieldPath, host, port, protocol, tls } = exposure;
  const certificates = exposure.certificates.map(
    ({ kind, namespace, name, certificate }) =>
      `  certificate ${kind} ${namespace ? `${namespace}/` : ''}${name}: ${
        certificate.text
      }`,
  );
  return [
    `${protocol}://${host}:${port}, TLS ${tls}${
      exposure.httpsRedirect ? ', redirects to HTTPS' : ''
    }${exposure.problem ? `, not in force: ${exposure.problem}` : ''}`,
    `  by ${describeDecider({
      object: toJsonObject(gateway),
      path: fieldPath,
    })}`,
    ...exposure.rules.map(
      rule =>
        `  by ${describeDecider({
          object: toJsonObject(rule.object),
          path: rule.fieldPath,
        })}`,
    ),
    ...certificates,
    ...exposure.services.map(
      ({ object, reach, addresses }) =>
        `  behind Service ${object.namespace}/${object.name}, ${reach}${
          addresses.length > 0 ? ` ${addresses.join(', ')}` : ''
        }`,
    ),
  ];
}
