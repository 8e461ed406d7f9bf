import { type ComposeFile, type ComposeSetting, type FileReader, substitution } from './setting.ts';
import { loadProject } from './project.ts';
import { composeDefinition } from './targets.ts';

export { type ComposeFile, composeDefinition, type ComposeSetting, type FileReader, loadProject, substitution };
