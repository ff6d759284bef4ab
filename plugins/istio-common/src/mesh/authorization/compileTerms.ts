import { FACTS, RequestFacts } from './facts';
import { compileIpBlocks } from './matchAddress';
import { parseBrackets, testClaim, testRequestPrincipal } from './matchClaims';
import { barePath, compilePathPattern } from './matchPath';
import {
  compileNamespace,
  compilePrincipal,
  compileServiceAccount,
  compileTrustDomain,
  IdentityTest,
  testIdentity,
} from './matchPrincipal';
import { matchesHeader, matchesText } from './matchText';
import { missing, Verdict } from './verdict';

/** A list of values as a test: one of them must hold. */
export interface CompiledValues {
  /** Undefined when no value could be read. */
  test?: (facts: RequestFacts) => Verdict;
  /** A value cannot be read: Istio drops an ALLOW rule then, and only the value from any other. */
  invalid?: boolean;
}

/** What one kind of list asks about. */
export interface TermKind {
  /** Only an HTTP request has it. */
  http: boolean;
  /** ztunnel can see it. */
  l4: boolean;
  compile(values: readonly string[], policyNamespace: string): CompiledValues;
}

function identity(
  compile: (value: string, policyNamespace: string) => IdentityTest,
): TermKind {
  return {
    http: false,
    l4: true,
    compile: (values, namespace) => {
      const tests = values.map(value => compile(value, namespace));
      return { test: facts => testIdentity(facts, tests) };
    },
  };
}

function addresses(
  of: 'peerIp' | 'remoteIp' | 'serverIp',
  l4: boolean,
): TermKind {
  const list = `${of}s` as const;
  return {
    http: false,
    l4,
    compile: blocks => {
      const valid = blocks.filter(block => compileIpBlocks([block], of));
      const test = compileIpBlocks(valid, of);
      return {
        ...(test ? { test: facts => test(facts[list]) } : {}),
        invalid: valid.length < blocks.length,
      };
    },
  };
}

/** A fact that is one text, known or not. */
function text(
  fact: 'method' | 'host' | 'path' | 'sni',
  options: {
    http: boolean;
    matches: (pattern: string) => (value: string) => boolean;
  },
): TermKind {
  return {
    http: options.http,
    l4: false,
    compile: values => {
      const tests = values.map(options.matches);
      return {
        test: facts => {
          const value = facts[fact];
          return value === undefined
            ? missing(FACTS[fact])
            : tests.some(test => test(value));
        },
      };
    },
  };
}

const ports: TermKind = {
  http: false,
  l4: true,
  compile: values => {
    const valid = values.filter(
      value => /^\d{1,10}$/.test(value) && Number(value) <= 65535,
    );
    const numbers = new Set(valid.map(Number));
    return {
      ...(numbers.size > 0 ? { test: facts => numbers.has(facts.port) } : {}),
      invalid: valid.length < values.length,
    };
  },
};

const requestPrincipals: TermKind = {
  http: true,
  l4: false,
  compile: values => ({ test: facts => testRequestPrincipal(facts, values) }),
};

function claim(path: readonly string[]): TermKind {
  return {
    http: true,
    l4: false,
    compile: values => ({ test: facts => testClaim(facts, path, values) }),
  };
}

const paths = text('path', {
  http: true,
  matches: pattern => {
    const test = compilePathPattern(pattern);
    return value => test(barePath(value));
  },
});
const methods = text('method', {
  http: true,
  matches: pattern => value => matchesHeader(pattern, value),
});
/** An empty authority is no host at all. */
const hosts = text('host', {
  http: true,
  matches: pattern => value =>
    matchesHeader(pattern.toLowerCase(), value.toLowerCase() || undefined),
});
const sni = text('sni', {
  http: false,
  matches: pattern => value => matchesText(pattern, value),
});

const principals = identity(compilePrincipal);
const namespaces = identity(compileNamespace);
const serviceAccounts = identity(compileServiceAccount);
const trustDomains = { ...identity(compileTrustDomain), l4: false };
const ipBlocks = addresses('peerIp', true);
const remoteIpBlocks = addresses('remoteIp', false);

/** Lists of `from[].source`, each with its `not` twin. */
export const SOURCE_KINDS: Readonly<Record<string, TermKind>> = {
  principals,
  requestPrincipals,
  namespaces,
  serviceAccounts,
  trustDomains,
  ipBlocks,
  remoteIpBlocks,
};

/** Lists of `to[].operation`, each with its `not` twin. */
export const OPERATION_KINDS: Readonly<Record<string, TermKind>> = {
  hosts,
  ports,
  methods,
  paths,
};

const CONDITION_KINDS: Readonly<Record<string, TermKind>> = {
  'source.ip': ipBlocks,
  'remote.ip': remoteIpBlocks,
  'source.namespace': namespaces,
  'source.serviceAccount': { ...serviceAccounts, l4: false },
  'source.trustDomain': trustDomains,
  'source.principal': principals,
  'request.auth.principal': requestPrincipals,
  'request.auth.audiences': claim(['aud']),
  'request.auth.presenter': claim(['azp']),
  'destination.ip': addresses('serverIp', true),
  'destination.port': ports,
  'connection.sni': sni,
};

const UNREADABLE: TermKind = {
  http: true,
  l4: false,
  compile: () => ({ invalid: true }),
};

/**
 * What a condition's key asks about; undefined for a key Istio does not know, which drops the whole rule.
 *
 * Source: istio/istio pilot/pkg/security/authz/model New.
 */
export function conditionKind(key: string): TermKind | undefined {
  if (Object.hasOwn(CONDITION_KINDS, key)) {
    return CONDITION_KINDS[key];
  }
  if (key.startsWith('experimental.envoy.filters.')) {
    return metadata(key.slice('experimental.'.length));
  }
  if (key.startsWith('request.headers')) {
    const name = key.slice('request.headers'.length);
    return /^\[.*\]$/s.test(name) ? header(name.slice(1, -1)) : UNREADABLE;
  }
  if (key.startsWith('request.auth.claims')) {
    const path = parseBrackets(key.slice('request.auth.claims'.length));
    return path ? claim(path) : UNREADABLE;
  }
  return undefined;
}

/** What other filters of the proxy know of the call cannot be known here. */
function metadata(key: string): TermKind {
  return {
    http: false,
    l4: false,
    compile: () => ({ test: () => missing(`metadata ${key} of the proxy`) }),
  };
}

const PSEUDO_HEADERS: Readonly<Record<string, 'method' | 'path' | 'host'>> = {
  ':method': 'method',
  ':path': 'path',
  ':authority': 'host',
  host: 'host',
};

function header(name: string): TermKind {
  const lower = name.toLowerCase();
  const pseudo = Object.hasOwn(PSEUDO_HEADERS, lower)
    ? PSEUDO_HEADERS[lower]
    : undefined;
  if (pseudo) {
    return text(pseudo, {
      http: true,
      matches: pattern => value => matchesHeader(pattern, value || undefined),
    });
  }
  return {
    http: true,
    l4: false,
    compile: values => ({
      test: ({ headers }) => {
        const value = Object.hasOwn(headers, lower)
          ? headers[lower]
          : undefined;
        return values.some(pattern => matchesHeader(pattern, value));
      },
    }),
  };
}
