export { istioPlugin as default } from './plugin';
