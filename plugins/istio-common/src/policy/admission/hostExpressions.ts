/** A variable of a ValidatingAdmissionPolicy; those before it can be used in it. */
export interface CelVariable {
  name: string;
  expression: string;
}

/** Per namespace what it holds; a namespace that is not in a table has nothing there. */
export interface HeldTables {
  /** Namespaces whose Services count as its own; itself only for one that is not in the table. */
  owned: Readonly<Record<string, readonly string[]>>;
  external: Readonly<Record<string, readonly string[]>>;
  published: Readonly<Record<string, readonly string[]>>;
  addresses: Readonly<Record<string, readonly string[]>>;
}

/**
 * What every policy computes first. The tables stand in the policy itself: of a ConfigMap as parameter a
 * server can lose sight, when all policies with that kind of parameter are deleted and made anew.
 */
export function sharedVariables(tables: HeldTables): CelVariable[] {
  const lookUp = (name: keyof HeldTables, otherwise: string) => {
    const parts = splitTable(tables[name]).map((literal, index) => ({
      name: `${name}Table${index}`,
      expression: literal,
    }));
    return [
      ...parts,
      {
        name,
        expression: parts.reduceRight(
          (rest, part) =>
            `request.namespace in variables.${part.name} ? variables.${part.name}[request.namespace] : ${rest}`,
          otherwise,
        ),
      },
    ];
  };
  return [
    ...lookUp('owned', '[request.namespace]'),
    ...lookUp('external', '[]'),
    ...lookUp('published', '[]'),
    ...lookUp('addresses', '[]'),
    {
      name: 'isPrivate',
      expression:
        "has(object.spec.exportTo) && size(object.spec.exportTo) > 0 && object.spec.exportTo.all(e, e == '.' || e == request.namespace)",
    },
  ];
}

/** Below the 100,000 code points that cel-go reads in one expression. */
const LONGEST = 60_000;

/** The table as literals of CEL, whose texts are JSON's, none of them too long; none for an empty table. */
function splitTable(table: HeldTables[keyof HeldTables]): string[] {
  const parts: string[][] = [];
  let length = LONGEST;
  for (const [key, list] of Object.entries(table)) {
    const entry = `${JSON.stringify(key)}: ${JSON.stringify(list)}`;
    length += entry.length + 2;
    if (length > LONGEST) {
      parts.push([]);
      length = entry.length + 2;
    }
    parts[parts.length - 1].push(entry);
  }
  return parts.map(entries => `{${entries.join(', ')}}`);
}

/** Lower case, without blanks around and dots behind: the one way each name is compared. */
export function normalized(host: string): string {
  return `${host}.lowerAscii().trim().find('^.*[^.]')`;
}

/** As `isOwnHost`: a short name, or one of the three longer ones, of a Service in an owned namespace. */
export function isOwn(name: string, domain: string): string {
  const parts = `${name}.split('.')`;
  return [
    `${name}.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.].*)?$') && (${parts}.size() == 1`,
    `|| (${parts}[1] in variables.owned && (${parts}.size() == 2`,
    `|| ${name}.endsWith('.' + ${parts}[1] + '.svc') && ${parts}.size() == 3`,
    `|| ${name}.endsWith('.' + ${parts}[1] + '.svc.${domain}') && ${parts}.size() == ${
      3 + domain.split('.').length
    })))`,
  ].join(' ');
}

/** As `hostCovers`, for the patterns of a list. */
export function isListed(name: string, list: string): string {
  return `variables.${list}.exists(l, l == ${name} || (l.startsWith('*.') && ${name}.endsWith(l.substring(1))))`;
}

/** Names as they are compared. */
export function namesVariable(name: string, list: string): CelVariable {
  return { name, expression: `(${list}).map(h, ${normalized('h')})` };
}
