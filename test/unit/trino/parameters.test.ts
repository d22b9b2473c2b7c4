import { expect } from 'chai';
import { bind } from '../../../tasks/src/lib/trino-parameters.ts';

describe('the parameters of a Trino query', () => {
  it('are never part of the text, whatever they hold', () => {
    expect(bind('SELECT * FROM t WHERE a = :name', { name: "x'; DROP TABLE t; --" })).to.equal(
      "EXECUTE IMMEDIATE 'SELECT * FROM t WHERE a = ?' USING 'x''; DROP TABLE t; --'",
    );
  });

  it('keep their types, and the order in which the text asks for them', () => {
    const moment = new Date('2026-01-02T03:04:05.678Z');
    expect(bind('SELECT :b, :a, :b', { a: moment, b: 7 })).to.equal(
      "EXECUTE IMMEDIATE 'SELECT ?, ?, ?' USING BIGINT '7', TIMESTAMP '2026-01-02 03:04:05.678 UTC', BIGINT '7'",
    );
  });

  it('leave quoted texts, quoted names and comments alone', () => {
    expect(bind(`SELECT ':a', ":a", :a /* :c */-- :b`, { a: true })).to.equal(
      `EXECUTE IMMEDIATE 'SELECT '':a'', ":a", ?   ' USING true`,
    );
  });

  it('run a text without any as it is', () => {
    expect(bind('SELECT 1', {})).to.equal('SELECT 1');
  });

  it('must be given, each of them, and no other', () => {
    expect(() => bind('SELECT :a', {})).to.throw('wants a value for :a');
    expect(() => bind('SELECT 1', { a: 1 })).to.throw('has no place for a');
  });

  it('must be whole numbers that a double can hold', () => {
    expect(() => bind('SELECT :a', { a: 2 ** 53 })).to.throw(':a must be a whole number');
    expect(() => bind('SELECT :a', { a: 0.5 })).to.throw(':a must be a whole number');
  });

  it('put a snapshot where Trino takes no parameter, as a bigint that keeps its digits', () => {
    expect(bind('SELECT :a FROM t FOR VERSION AS OF :at', { a: 1, at: 6026411247450446570n })).to.equal(
      "EXECUTE IMMEDIATE 'SELECT ? FROM t FOR VERSION AS OF BIGINT ''6026411247450446570''' USING BIGINT '1'",
    );
    expect(bind('SELECT * FROM t FOR VERSION AS OF :at', { at: 7n })).to.equal(
      "SELECT * FROM t FOR VERSION AS OF BIGINT '7'",
    );
  });
});
