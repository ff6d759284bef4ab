import type { Change } from '@istio-backstage/plugin-istio-common';
import { EntityLink, StatusLabel, presentFullTime } from '../../../components';
import {
  presentClaim,
  presentFields,
  presentLimits,
  presentOwner,
  presentWriters,
} from './presentExternal';
import styles from '../changes.module.css';

/** Who made a change that the portal did not make, as far as the object claims; and who stands for it. */
export function ExternalFacts(props: {
  external: NonNullable<Change['external']>;
}) {
  const { external } = props;
  const { adoption, fields } = external;
  const owner = presentOwner(external);
  const limits = presentLimits(external);
  return (
    <>
      <dt>Who</dt>
      <dd>
        {presentClaim(external)}
        {presentWriters(external).map(line => (
          <span key={line} className={styles.second}>
            {line}
          </span>
        ))}
      </dd>
      {owner && (
        <>
          <dt>Owner</dt>
          <dd>{owner}</dd>
        </>
      )}
      <dt>Why</dt>
      <dd>
        {adoption ? (
          <>
            {adoption.reason}
            <span className={styles.second}>
              Adopted by <EntityLink entityRef={adoption.by} inline /> at{' '}
              {presentFullTime(adoption.at)}
              {adoption.ticket && `, ${adoption.ticket}`}
            </span>
          </>
        ) : (
          <StatusLabel status="noReason" />
        )}
      </dd>
      {fields.length > 0 && (
        <>
          <dt>Fields</dt>
          <dd className={styles.mono}>{presentFields(external)}</dd>
        </>
      )}
      {limits && (
        <>
          <dt>Not seen</dt>
          <dd>{limits}</dd>
        </>
      )}
    </>
  );
}
