import { testScenes } from '../../support/ownership/scenes-test.ts';

testScenes('fish');
