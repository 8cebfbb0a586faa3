/** sign-in: signs a user in to IAM Identity Center, in a browser or with a code. */
export { chooseFlow } from './choose-flow.ts';
export { signInByLogin } from './login-flow.ts';
export { signIn, signInCommand } from './sign-in.ts';
export { resolvedStartUrl } from './start-url.ts';
