import { type Field, quote } from '../Field';
import { explainFqdn, isDnsLabel } from './names';

/**
 * `gateway`, `namespace/gateway` or a legacy dotted name. As istiod does, everything after the first
 * name without slash goes unchecked. Source: validateGatewayNames.
 */
export function checkGatewayNames(field: Field): void {
  for (const item of field.items()) {
    const name = item.text();
    const slash = name.indexOf('/');
    if (slash < 0) {
      if (name.includes('.')) {
        item.warn(`${quote(name)} is the old form; write namespace/name`);
      }
      const why = explainFqdn(name);
      if (why) {
        item.error(why);
      }
      return;
    }
    const parts = [name.slice(0, slash), name.slice(slash + 1)];
    if (!parts.every(isDnsLabel)) {
      item.error(`must be namespace/name, it is ${quote(name)}`);
    }
  }
}
