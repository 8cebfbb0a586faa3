import { run } from '../commands/_load.ts';
import { answerHot, type HotVerb } from './hot.ts';

export { keepCode } from './keep-code.ts';

export const answer: HotVerb['answer'] = (packageFolder) => answerHot('_load', { run }, packageFolder);
