/*
 * The last step of the build: learns the phrases, so that a start does not have to.
 */
import { projectRoot } from '../paths.ts';
import { learnPhrases } from './learn.ts';
import { digestOf, readLearnt, writeLearnt } from './learnt-file.ts';
import { readPhrases } from './phrases.ts';

const root = projectRoot();
const digest = digestOf(root);
// Learning takes seconds: what is there already for just these phrases stays.
if (readLearnt(root, digest) === undefined) writeLearnt(root, digest, learnPhrases(readPhrases(root)));
