/**
 * The content of a query-protocol reply; an array becomes a list of `<member>`, undefined becomes
 * nothing.
 */
export type XmlValue = string | number | boolean | Date | readonly XmlValue[] | XmlRecord | undefined;

export interface XmlRecord {
  readonly [name: string]: XmlValue;
}

/**
 * One element with its content. Control characters are not escaped, because tests need hostile
 * replies.
 */
export function element(name: string, value: XmlValue, attributes = ''): string {
  return value === undefined ? '' : `<${name}${attributes}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (value instanceof Date) return `${value.toISOString().slice(0, 19)}Z`;
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, inner]) => element(name, inner))
      .join('');
  }
  return escapeText(String(value));
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
