import type { Severity } from '@istio-backstage/plugin-istio-common';
import { presentSeverity } from './presentSeverity';
import { Spoken } from './Spoken';
import { StatusShape } from './StatusShape';

/** The shape of a severity, its word for who cannot see it. */
export function SeverityLabel(props: { severity: Severity }) {
  const { word, shape, tone } = presentSeverity(props.severity);
  return (
    <>
      <StatusShape shape={shape} tone={tone} />
      <Spoken>{`${word}: `}</Spoken>
    </>
  );
}
