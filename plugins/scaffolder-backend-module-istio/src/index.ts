export { scaffolderIstioModule as default } from './module';
