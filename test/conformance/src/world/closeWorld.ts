import { closeAll } from './abilities';

/** Jest's global teardown. */
export default closeAll;
