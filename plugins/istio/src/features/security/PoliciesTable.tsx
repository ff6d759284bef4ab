import {
  formatDuration,
  formatQuantity,
  shortPrincipal,
  type ComponentAccessAnswer,
  type DescribedPolicy,
  type DescribedRule,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { DecidedByText, Note, ObjectLink } from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import styles from './security.module.css';

/** Who may call: the policies in words, grants that nobody used, and tokens. */
export function PoliciesTable(props: {
  access: ComponentAccessAnswer;
  /** Of the traffic that tells who needs which rule. */
  seconds: number;
}) {
  const { access, seconds } = props;
  const { policies, unread } = access;
  return (
    <>
      <h3 className={styles.section}>Who may call</h3>
      {unread.length > 0 && (
        <div className={styles.inset}>
          <Note tone="quiet" shape="question">
            Not known: {unread.join(', ')} could not be read.
          </Note>
        </div>
      )}
      {policies.length === 0 && unread.length === 0 && (
        <div className={styles.inset}>
          <Note tone="warn">
            No AuthorizationPolicy is for this component: whoever reaches it may
            call.
          </Note>
        </div>
      )}
      {policies.map(policy => (
        <PolicyRules
          key={`${policy.object.namespace}/${
            policy.object.name
          }/${policy.clusters.join()}`}
          policy={policy}
          seconds={seconds}
        />
      ))}
      <div className={styles.inset}>
        <Unused access={access} seconds={seconds} />
        <Tokens tokens={access.tokens} />
      </div>
    </>
  );
}

const DOES: Record<DescribedPolicy['action'], string> = {
  ALLOW: 'lets in',
  DENY: 'turns away',
  CUSTOM: 'asks a provider about',
  AUDIT: 'reports',
};

function PolicyRules(props: { policy: DescribedPolicy; seconds: number }) {
  const { policy, seconds } = props;
  const { action, provider, dryRun, rules, object } = policy;
  return (
    <>
      <p className={`${styles.inset} ${text.small}`}>
        <ObjectLink object={object} showKind={false} /> {DOES[action]}
        {provider && ` (${provider})`}
        {dryRun && ', on trial only'}
        <span className={text.muted}> in {policy.clusters.join(', ')}</span>
      </p>
      {rules.length === 0 ? (
        <p className={`${styles.inset} ${text.small}`}>
          {action === 'ALLOW'
            ? 'No rules: it lets nobody in.'
            : 'No rules: it matches nothing.'}
        </p>
      ) : (
        <table className={`${tables.table} ${tables.edge} ${tables.tight}`}>
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col" className={tables.number}>
                Used by
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule, index) => (
              <RuleRow
                key={rule.fieldPath}
                object={object}
                rule={rule}
                number={index + 1}
                seconds={seconds}
              />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function RuleRow(props: {
  object: ObjectRef;
  rule: DescribedRule;
  number: number;
  seconds: number;
}) {
  const { object, rule, number, seconds } = props;
  return (
    <tr>
      <td>
        <strong>Rule {number}</strong>{' '}
        <ObjectLink
          object={object}
          fieldPath={rule.fieldPath}
          showKind={false}
          showPath={false}
        />
      </td>
      <td>
        {rule.who.length > 0 ? rule.who.join('; or ') : 'anybody'}
        {rule.byAddress && (
          <span className={text.second}>
            goes by addresses, which prove no identity
          </span>
        )}
      </td>
      <td>
        {rule.what.length > 0 ? rule.what.join('; or ') : 'any request'}
        {rule.when.length > 0 && (
          <span className={text.second}>when {rule.when.join(' and ')}</span>
        )}
      </td>
      <td className={tables.number}>
        {rule.usedBy.length > 0
          ? formatQuantity(rule.usedBy.length, 'caller')
          : 'nobody seen'}
        <span className={text.second}>{formatDuration(seconds)}</span>
      </td>
    </tr>
  );
}

function Unused(props: { access: ComponentAccessAnswer; seconds: number }) {
  const { unusedGrants, policies } = props.access;
  if (!policies.some(({ action }) => action === 'ALLOW')) return null;
  if (!unusedGrants.known) {
    return (
      <Note tone="quiet" shape="question">
        Whether a grant is unused cannot be said: {unusedGrants.why}.
      </Note>
    );
  }
  if (unusedGrants.grants.length === 0) return null;
  return (
    <Note tone="warn">
      <strong>
        {formatQuantity(unusedGrants.grants.length, 'grant')} nobody used in{' '}
        {formatDuration(props.seconds)}.
      </strong>{' '}
      {unusedGrants.grants.map(({ value, policy }) => (
        <span key={`${value}/${JSON.stringify(policy)}`}>
          {shortPrincipal(value)} <DecidedByText decidedBy={policy} />{' '}
        </span>
      ))}
    </Note>
  );
}

function Tokens(props: { tokens: ComponentAccessAnswer['tokens'] }) {
  const { checks, demandedBy } = props.tokens;
  if (checks.length === 0 && demandedBy.length === 0) return null;
  const issuers = checks.flatMap(({ rules }) =>
    rules.map(({ issuer, audiences }) =>
      audiences.length > 0
        ? `${issuer} for ${audiences.join(', ')}`
        : `${issuer}`,
    ),
  );
  return (
    <Note tone={demandedBy.length > 0 ? 'info' : 'warn'}>
      <strong>End users (JWT).</strong>{' '}
      {issuers.length > 0
        ? `A token is checked where one is sent: ${issuers.join('; ')}.`
        : 'No RequestAuthentication checks tokens, so none is accepted.'}{' '}
      {demandedBy.length > 0
        ? 'A policy demands one: '
        : 'No policy demands one, so a request without token passes as well.'}
      {demandedBy.map(decision => (
        <span key={JSON.stringify(decision)}>
          <DecidedByText decidedBy={decision} />{' '}
        </span>
      ))}
      {checks.map(({ object }) => (
        <span key={`${object.namespace}/${object.name}`}>
          <ObjectLink object={object} />{' '}
        </span>
      ))}
    </Note>
  );
}
