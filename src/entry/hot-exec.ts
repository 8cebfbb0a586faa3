import { run } from '../commands/exec.ts';
import { answerHot, type HotVerb } from './hot.ts';

export { keepCode } from './keep-code.ts';

export const answer: HotVerb['answer'] = (packageFolder) => answerHot('exec', { run }, packageFolder);
