import { isListed, isOwn, namesVariable, normalized } from './hostExpressions';
import { type AdmissionRule, gatewayApiRoutes } from './routeRules';

const NETWORKING = 'networking.istio.io';

/** The rules of `host-ownership`, `external-services` and `gateway-hosts` that are about hosts. */
export function hostRules(domain: string): AdmissionRule[] {
  return [
    virtualServices(domain),
    destinationRules(domain),
    serviceEntries(),
    gateways(),
    ...['httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes'].map(
      gatewayApiRoutes,
    ),
  ];
}

/** A VirtualService that names no gateway is on the mesh. What is on gateways only may stay where it was. */
function virtualServices(domain: string): AdmissionRule {
  return {
    resource: 'virtualservices',
    group: NETWORKING,
    variables: [
      namesVariable('hosts', 'has(object.spec.hosts) ? object.spec.hosts : []'),
      {
        name: 'inMesh',
        expression:
          "!has(object.spec.gateways) || size(object.spec.gateways) == 0 || 'mesh' in object.spec.gateways",
      },
      namesVariable(
        'known',
        'oldObject != null && has(oldObject.spec) && has(oldObject.spec.hosts) ? oldObject.spec.hosts : []',
      ),
    ],
    validations: [
      {
        expression: `variables.hosts.all(h, ${isListed(
          'h',
          'published',
        )} || (${isOwn(
          'h',
          domain,
        )}) || (variables.inMesh ? variables.isPrivate && ${isListed(
          'h',
          'external',
        )} : h in variables.known))`,
        message:
          'every host must be a Service of the namespace\'s owner, or on the owner\'s list; a listed host outside the mesh needs exportTo ["."]',
      },
    ],
  };
}

function destinationRules(domain: string): AdmissionRule {
  return {
    resource: 'destinationrules',
    group: NETWORKING,
    variables: [
      {
        name: 'host',
        expression: `has(object.spec.host) ? ${normalized(
          'object.spec.host',
        )} : ''`,
      },
    ],
    validations: [
      {
        expression: `(${isOwn(
          'variables.host',
          domain,
        )}) || (variables.isPrivate && ${isListed(
          'variables.host',
          'external',
        )})`,
        message:
          'the host must be a Service of the namespace\'s owner, or on the owner\'s list of external hosts with exportTo ["."]',
      },
    ],
  };
}

function serviceEntries(): AdmissionRule {
  return {
    resource: 'serviceentries',
    group: NETWORKING,
    variables: [
      namesVariable('hosts', 'has(object.spec.hosts) ? object.spec.hosts : []'),
    ],
    validations: [
      {
        expression: `variables.hosts.all(h, ${isListed('h', 'external')})`,
        message: "every host must be on the owner's list of external hosts",
      },
      {
        expression:
          '!has(object.spec.addresses) || object.spec.addresses.all(a, variables.addresses.exists(l, isIP(a) ? cidr(l).containsIP(a) : isCIDR(a) && cidr(l).containsCIDR(a)))',
        message:
          "every address must be on the owner's list of external addresses",
      },
      {
        expression: 'variables.isPrivate',
        message: 'exportTo must be ["."]',
      },
    ],
  };
}

/** Hosts of Istio's own Gateway may start with a namespace. */
function gateways(): AdmissionRule {
  return {
    resource: 'gateways',
    group: NETWORKING,
    variables: [
      {
        name: 'hosts',
        expression:
          '(has(object.spec.servers) ? object.spec.servers : []).map(s, has(s.hosts) ? s.hosts.map(h, h.lowerAscii().trim()) : [])',
      },
    ],
    validations: [
      {
        expression: `variables.hosts.all(s, s.all(w, [w.substring(w.indexOf('/') + 1)].all(h, ${isListed(
          'h',
          'published',
        )})))`,
        message: "every host must be on the owner's list of gateway hosts",
      },
    ],
  };
}
