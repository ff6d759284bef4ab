import { formatList } from '../../../telemetry/format';
import { coversPattern } from '../../../mesh/certificates/coversHost';
import {
  CERTIFICATE_INPUTS,
  servedCertificates,
} from '../../facts/servedCertificates';
import type { Rule } from '../../types';

/** Source: RFC 6125, section 6.4; RFC 9525. */
export const certificateOtherHosts: Rule = {
  code: 'ISB0313',
  name: 'gateway-certificate-other-hosts',
  title: 'A gateway serves a host that its certificate does not name',
  severity: 'warning',
  explanation:
    'Callers compare the host they asked for with the names in the certificate (a * stands for one label). None of the names of this server’s certificates fits: browsers and most clients refuse the connection.',
  remedy:
    'Have the certificate issued with the host among its DNS names, serve the host with a certificate of its own, or take the host out of the server.',
  equivalents: [],
  subjects: ['Gateway', 'KubernetesGateway'],
  inputs: [...CERTIFICATE_INPUTS],
  reach: 'mesh',
  needs: ['clock'],
  check(subject, context) {
    return servedCertificates(subject, context).flatMap(({ hosts, served }) => {
      const shown = served.filter(({ use }) => use === 'server');
      const isKnown = shown.every(
        ({ certificate }) =>
          certificate.state === 'known' && certificate.dnsNames.length > 0,
      );
      if (shown.length === 0 || !isKnown) return [];
      const names = shown.flatMap(({ certificate }) => certificate.dnsNames);
      const left = hosts.filter(
        host => !names.some(name => coversPattern(name, host)),
      );
      return left.length === 0
        ? []
        : [
            {
              message: `No name of the certificate fits ${formatList(
                left,
              )}: it is for ${formatList(names)}.`,
              path: shown[0].fieldPath,
            },
          ];
    });
  },
};
