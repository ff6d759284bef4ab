export { Age, AgeRange, Moment } from './Age';
export { BusyBar } from './BusyBar';
export { CardSkeleton, LinesSkeleton } from './CardSkeleton';
export { CopyButton } from './CopyButton';
export { CopyText } from './CopyText';
export { DecidedByText } from './DecidedByText';
export { DiffLines } from './DiffLines';
export { EmptyState } from './EmptyState';
export { EntityLink } from './EntityLink';
export { ErrorNote, SourceErrors, presentError } from './ErrorNote';
export { ListPages } from './ListPages';
export { changeListUrl, readListUrl } from './listUrl';
export { CardGrid, MeshCard } from './MeshCard';
export { MeshPageLink } from './MeshPageLink';
export { Note } from './Note';
export { ObjectLink } from './ObjectLink';
export { readObject, withoutObject } from './objectAddress';
export type { ObjectAddress } from './objectAddress';
export { SentenceText, sentenceToText } from './SentenceText';
export { SourceFooter } from './SourceFooter';
export { Sparkline } from './Sparkline';
export { ShareBar, SplitBar, tintOfVersion } from './SplitBar';
export { Spoken } from './Spoken';
export { splitLead } from './splitLead';
export { StatusLabel } from './StatusLabel';
export { StatusShape } from './StatusShape';
export { presentObjectCommand, presentObjectName } from './presentObject';
export { presentChangeTitle } from './presentChangeTitle';
export { presentRefName } from './presentRef';
export { presentStatus } from './presentStatus';
export type { StatusKind } from './presentStatus';
export {
  presentAge,
  presentClock,
  presentFullTime,
  presentMoment,
  presentSpan,
} from './presentTime';
export { useNow } from './useNow';
export {
  asSentence,
  metricsAsOf,
  objectsAsOf,
  unsaidErrors,
} from './presentFreshness';
export { Hint } from './Hint';
export { Tag } from './Tag';
export { InfoPopover } from './InfoPopover';
export { ClusterState, StaleClusterNotes } from './ClusterState';
export { LoadMore, type MorePages } from './LoadMore';
export { SearchInput } from './SearchInput';
export { FilterSelect } from './FilterSelect';
export { Pills } from './Pills';
export { SeverityLabel } from './SeverityLabel';
export { presentSeverity } from './presentSeverity';
export { SubViewNav } from './SubViewNav';
