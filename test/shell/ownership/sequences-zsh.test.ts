import { testSequences } from '../../support/ownership/sequences-test.ts';

testSequences('zsh');
