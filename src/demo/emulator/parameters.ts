import { validationError } from './service.ts';

/** The rule for a text parameter. */
interface TextRule {
  pattern?: RegExp;
  min?: number;
  max?: number;
}

/** The form of one call, read with AWS's own checks and error texts. */
export class Parameters {
  constructor(private readonly form: Readonly<Record<string, string>>) {}

  /** An optional text; throws ValidationError if it is present and breaks the rule. */
  text(name: string, rule: TextRule = {}): string | null {
    const value = this.form[name];
    if (value === undefined) return null;
    if (rule.min !== undefined && value.length < rule.min) {
      throw constraint(name, value, `Member must have length greater than or equal to ${rule.min}`);
    }
    if (rule.max !== undefined && value.length > rule.max) {
      throw constraint(name, value, `Member must have length less than or equal to ${rule.max}`);
    }
    if (rule.pattern !== undefined && !rule.pattern.test(value)) {
      const shown = rule.pattern.source.replace(/^\^|\$$/g, '');
      throw constraint(name, value, `Member must satisfy regular expression pattern: ${shown}`);
    }
    return value;
  }

  required(name: string, rule: TextRule = {}): string {
    const value = this.text(name, rule);
    if (value === null) throw constraint(name, null, 'Member must not be null');
    return value;
  }

  /** An optional whole number between two bounds, inclusive. */
  number(name: string, min: number, max: number): number | null {
    const value = this.form[name];
    if (value === undefined) return null;
    if (!/^-?\d{1,12}$/.test(value)) throw validationError(`Invalid number for ${name}`);
    const number = Number(value);
    if (number < min) throw constraint(name, value, `Member must have value greater than or equal to ${min}`);
    if (number > max) throw constraint(name, value, `Member must have value less than or equal to ${max}`);
    return number;
  }

  /** `NAME.member.1`, `NAME.member.2` and so on; with an ending, `NAME.member.1.arn`. */
  list(name: string, ending = ''): string[] {
    const values: string[] = [];
    for (let i = 1; ; i++) {
      const value = this.form[`${name}.member.${i}${ending}`];
      if (value === undefined) return values;
      values.push(value);
    }
  }

  /** `Tags.member.N.Key` with `Tags.member.N.Value`. */
  tags(): Map<string, string> {
    const tags = new Map<string, string>();
    for (let i = 1; ; i++) {
      const key = this.form[`Tags.member.${i}.Key`];
      if (key === undefined) return tags;
      tags.set(key, this.form[`Tags.member.${i}.Value`] ?? '');
    }
  }
}

function constraint(name: string, value: string | null, rule: string) {
  const field = name.charAt(0).toLowerCase() + name.slice(1);
  const shown = value === null ? 'null' : `'${value}'`;
  return validationError(
    `1 validation error detected: Value ${shown} at '${field}' failed to satisfy constraint: ${rule}`,
  );
}
