import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import { replacement } from '../../facts/fix';
import type { Rule } from '../../types';

const OLD: Readonly<Record<string, string>> = {
  TLSV1_0: 'TLS 1.0',
  TLSV1_1: 'TLS 1.1',
};

/** Source: istio.io reference, ServerTLSSettings: TLS 1.2 unless set; RFC 8996 deprecates what is below. */
export const oldTls: Rule = {
  code: 'ISB0308',
  name: 'gateway-old-tls',
  title: 'A Gateway accepts TLS versions that are deprecated',
  severity: 'warning',
  explanation:
    'TLS 1.0 and 1.1 are broken and deprecated (RFC 8996). Istio’s own default is TLS 1.2 and above; this server goes below it.',
  remedy: 'Remove minProtocolVersion, or set TLSV1_2 or TLSV1_3.',
  equivalents: [],
  subjects: ['Gateway'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return fieldsListOf(fieldsOf(subject.spec).servers).flatMap(
      (server, index) => {
        const tls = fieldsOf(server.tls);
        return (['minProtocolVersion', 'maxProtocolVersion'] as const).flatMap(
          field => {
            const version = OLD[textOf(tls[field]) ?? ''];
            const path = `spec.servers[${index}].tls.${field}`;
            return version
              ? [
                  {
                    message:
                      field === 'minProtocolVersion'
                        ? `Accepts ${version}.`
                        : `Accepts nothing newer than ${version}.`,
                    path,
                    fix: replacement('Set TLS 1.2', { path, value: 'TLSV1_2' }),
                  },
                ]
              : [];
          },
        );
      },
    );
  },
};
