import { expect } from 'chai';
import { splitStatements } from '../../../tasks/src/lib/sql.ts';

describe('splitStatements', () => {
  it('splits at semicolons, and leaves out what is empty or comment alone', () => {
    expect(splitStatements('SELECT 1;\n\nSELECT 2 ; ;\n-- the end; really\n')).to.deep.equal(['SELECT 1', 'SELECT 2']);
  });

  it('does not split within quotes, names and comments', () => {
    const one = "SELECT 'a;b', 'it''s;', '\\';', \"c;d\", `e;f` -- g;h\n/* i;j */ FROM t";
    expect(splitStatements(`${one};SELECT 2`)).to.deep.equal([one, 'SELECT 2']);
  });

  it('keeps the comment that a statement begins with', () => {
    expect(splitStatements('-- why\nSELECT 1;')).to.deep.equal(['-- why\nSELECT 1']);
  });
});
