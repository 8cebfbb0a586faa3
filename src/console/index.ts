/** console: sign-in URLs for the AWS console, and the browser that opens them. */
export * from './browser.ts';
export * from './destination.ts';
export * from './federation.ts';
export * from './partitions.ts';
export * from './sign-in-page.ts';
