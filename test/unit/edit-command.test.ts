import { afterEach, describe, expect, it } from 'vitest';
import { editCommand, useEditor } from '../../src/system/index.ts';
import { importHome } from '../support/import-homes.ts';

afterEach(() => useEditor({}));

describe('the command that opens a file', () => {
  it.each([
    [{}, 'vi +3 ~/.aws/config'],
    [{ EDITOR: 'nano' }, 'nano +3 ~/.aws/config'],
    [{ EDITOR: 'nano', VISUAL: '/usr/bin/vim -f' }, '/usr/bin/vim -f +3 ~/.aws/config'],
    [{ VISUAL: 'code --wait' }, 'code --wait --goto ~/.aws/config:3'],
    [{ EDITOR: 'hx' }, 'hx ~/.aws/config:3'],
    [{ EDITOR: 'an-editor-of-ones-own' }, 'an-editor-of-ones-own ~/.aws/config'],
    [{ EDITOR: '' }, 'vi +3 ~/.aws/config'],
  ])('uses the editor of %j', (environment, expected) => {
    useEditor(environment);
    expect(editCommand('~/.aws/config', 3)).toBe(expected);
  });

  it.each(['./vi', 'bin/vi', '../vi', 'vi; id', '$(id)', 'vi\nid', '"my editor"', '~/vi'])(
    'passes over EDITOR=%j, which a directory could choose or a shell would run',
    (EDITOR) => {
      useEditor({ EDITOR });
      expect(editCommand('/a file', 1)).toBe("vi +1 '/a file'");
    },
  );

  it('is in the advice of awsh import', async () => {
    const home = importHome();
    home.write('.aws/credentials', '[odd]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n');
    home.environment.EDITOR = 'nano';
    expect((await home.run('import', '--dry-run')).err).toContain('next: nano +2 ~/.aws/credentials\n');
  });
});
