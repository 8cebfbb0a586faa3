import { AwshError } from '../system/index.ts';

/**
 * `%`, LF and CR become %25, %0A, %0D; every other control byte is refused (a NUL could not be
 * sent, an ESC must not be).
 */
export function encodeValue(value: string): string {
  const encoded = value.replaceAll('%', '%25').replaceAll('\n', '%0A').replaceAll('\r', '%0D');
  if (/[\0-\x1f\x7f]/.test(encoded)) {
    throw new AwshError(
      'other',
      'a value holds a control character',
      'it cannot be handed to a shell safely',
    );
  }
  return encoded;
}

/**
 * The inverse of {@link encodeValue}: 0A, 0D, then 25, in this order, so that `%250A` stays the
 * text `%0A`.
 */
export function decodeValue(text: string): string {
  return text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
}
