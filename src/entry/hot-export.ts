import { run } from '../commands/export.ts';
import { answerHot, type HotVerb } from './hot.ts';

export { keepCode } from './keep-code.ts';

export const answer: HotVerb['answer'] = (packageFolder) => answerHot('export', { run }, packageFolder);
