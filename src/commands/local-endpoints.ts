import type { Context } from '../cli/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError } from '../system/index.ts';

/**
 * Returns a function that is true if a profile's calls go to this machine, to an AWS emulator,
 * whose keys may be any text.
 */
export async function localEndpoints(context: Context): Promise<(profile: string) => boolean> {
  const { isLoopback, planFor } = await import('../sessions/index.ts');
  const files = await context.awsFiles();
  const environment = unloadedEnvironment(context.environment);
  return (profile) => {
    const key = { profile, accessKeyId: 'TEST', added: new Date(0) };
    try {
      const { target, endpointUrl } = planFor({ files, profile, keys: [key], environment, options: {} });
      const endpoint = target.endpoint ?? endpointUrl;
      return endpoint !== null && isLoopback(endpoint);
    } catch (error) {
      if (error instanceof AwshError) return false;
      throw error;
    }
  };
}
