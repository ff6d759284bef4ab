import { type Field, quote } from '../Field';
import { checkDuration, checkDurationText } from '../rules/durations';
import { checkFlags, checkTexts } from '../rules/shapes';

const TOPOLOGY = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];

const SIMPLE = [
  'UNSPECIFIED',
  'LEAST_CONN',
  'RANDOM',
  'PASSTHROUGH',
  'ROUND_ROBIN',
  'LEAST_REQUEST',
] as const;

/** Source: istio/istio pkg/config/validation validateLoadBalancer. */
export function checkLoadBalancer(balancer: Field, outlier: Field): void {
  if (!balancer.isSet) {
    return;
  }
  balancer.at('simple').choice(SIMPLE);
  checkConsistentHash(balancer.at('consistentHash'));
  const locality = balancer.at('localityLbSetting');
  const zoneAware = balancer.at('zoneAwareLbSetting');
  if (locality.isSet && zoneAware.isSet) {
    zoneAware.error('must not stand beside localityLbSetting');
  }
  checkLocality(locality, outlier);
  if (zoneAware.isSet) {
    for (const label of zoneAware.at('failoverPriority').items()) {
      if (TOPOLOGY.includes(label.text())) {
        label.error(
          'must not be a topology label; regions and zones are handled by themselves',
        );
      }
    }
    checkFailover(zoneAware, outlier);
  }
  const warmup = balancer.at('warmup');
  if (warmup.isSet) {
    if (!warmup.at('duration').isSet) {
      warmup.at('duration').error('is required');
    }
    checkDuration(warmup.at('duration'));
    if (warmup.at('minimumPercent').number() > 100) {
      warmup.at('minimumPercent').error('must be at most 100');
    }
    if (
      warmup.at('aggression').isSet &&
      warmup.at('aggression').number() <= 0
    ) {
      warmup.at('aggression').error('must be above 0');
    }
  }
}

function checkConsistentHash(hash: Field): void {
  const cookie = hash.at('httpCookie');
  if (cookie.isSet) {
    if (cookie.at('name').text() === '') {
      cookie.at('name').error('is required');
    }
    const names = new Set<string>();
    for (const attribute of cookie.at('attributes').items()) {
      const name = attribute.at('name').text();
      if (name === '') {
        attribute.at('name').error('must not be empty');
      } else if (names.has(name)) {
        attribute.at('name').error(`names ${quote(name)} a second time`);
      }
      names.add(name);
    }
  }
  checkTexts(hash, ['httpHeaderName', 'httpQueryParameterName']);
  checkFlags(hash, ['useSourceIp']);
  checkTexts(cookie, ['path']);
  checkDurationText(cookie.at('ttl'));
  checkSize(hash.at('ringHash').at('minimumRingSize'));
  if (checkSize(hash.at('minimumRingSize')) !== 0) {
    hash.at('minimumRingSize').warn('is deprecated, ringHash replaces it');
    if (hash.at('ringHash').isSet || hash.at('maglev').isSet) {
      hash
        .at('minimumRingSize')
        .error('must not stand beside ringHash or maglev');
    }
  }
  const maglev = hash.at('maglev');
  if (maglev.isSet) {
    const size = checkSize(maglev.at('tableSize'));
    if (size >= 5_000_011 || !isPrime(size)) {
      maglev
        .at('tableSize')
        .error(`must be a prime number below 5,000,011, it is ${size}`);
    }
  }
}

/** A whole number of 64 bits, not negative. */
function checkSize(field: Field): number {
  const size = field.number();
  if (!Number.isInteger(size) || size < 0) {
    field.error(`must be a whole number and not negative, it is ${size}`);
  }
  return size;
}

/** 1 counts, as it does for Envoy. */
function isPrime(value: number): boolean {
  if (value > 0 && value < 4) {
    return true;
  }
  if (value % 2 === 0) {
    return false;
  }
  for (let factor = 3; factor * factor <= value; factor += 2) {
    if (value % factor === 0) {
      return false;
    }
  }
  return true;
}

/** Source: agent.ValidateLocalityLbSetting; like there, some faults end the check. */
function checkLocality(locality: Field, outlier: Field): void {
  if (!locality.isSet) {
    return;
  }
  const distribute = locality.at('distribute').items();
  const failover = locality.at('failover').items();
  if (distribute.length > 0 && failover.length > 0) {
    locality.at('distribute').error('must not stand beside failover');
    return;
  }
  const topology = locality
    .at('failoverPriority')
    .items()
    .find(label => TOPOLOGY.includes(label.text()));
  if (failover.length > 0 && topology) {
    topology.error('must not be a topology label beside failover');
    return;
  }
  for (const entry of distribute) {
    let total = 0;
    for (const [, weight] of entry.at('to').entries()) {
      const value = weight.number();
      if (value < 1 || value > 100) {
        weight.error(`must be from 1 to 100, it is ${value}`);
        return;
      }
      total += value;
    }
    if (total !== 100) {
      entry.at('to').error(`must sum to 100, the sum is ${total}`);
      return;
    }
    checkLocalities(
      entry.at('to'),
      entry
        .at('to')
        .entries()
        .map(([name]) => name),
    );
  }
  checkLocalities(
    locality.at('distribute'),
    distribute.map(entry => entry.at('from').text()),
  );
  checkFailover(locality, outlier);
}

/** `region/zone/subzone`, a wildcard only at the end, none inside an earlier one. Source: validateLocalities. */
function checkLocalities(field: Field, localities: string[]): void {
  const earlier: string[][] = [];
  for (const name of localities) {
    const star = name.indexOf('*');
    if (star >= 0 && star !== name.length - 1) {
      field.error(`${quote(name)} may have "*" only at its end`);
      return;
    }
    const [region, zone, ...rest] = name.split('/');
    const parts = [region, zone, rest.length > 0 ? rest.join('/') : undefined];
    const written = parts.filter(part => part !== undefined);
    if (written.includes('')) {
      field.error(`${quote(name)} must look like region/zone/subzone`);
      return;
    }
    if (earlier.some(other => coversLocality(other, written))) {
      field.error(`${quote(name)} overlaps another locality`);
      return;
    }
    earlier.push(written);
  }
}

/** Whether one of the two lies in the other; a part not written stands for all. */
function coversLocality(earlier: string[], next: string[]): boolean {
  if (earlier[0] === '*') {
    return true;
  }
  for (let level = 0; level < next.length; level += 1) {
    const known = earlier[level] ?? '*';
    if (level > 0 && known === '*') {
      return true;
    }
    if (known !== next[level]) {
      return false;
    }
  }
  return true;
}

function checkFailover(setting: Field, outlier: Field): void {
  const failover = setting.at('failover').items();
  const priority = setting.at('failoverPriority').items();
  if ((failover.length > 0 || priority.length > 0) && !outlier.isSet) {
    setting.warn('has no effect without outlierDetection');
  }
  for (const entry of failover) {
    const from = entry.at('from').text();
    const to = entry.at('to').text();
    if (from === to) {
      entry.error('must name two different regions');
    }
    for (const region of [from, to]) {
      if (/[/*]/.test(region)) {
        entry.error(`must name whole regions, it names ${quote(region)}`);
      }
    }
  }
}
