import { expect } from 'chai';
import fc from 'fast-check';
import { decimalText, fromTwosComplement, twosComplement, unscaled } from '../../../tasks/src/lib/avro-decimal.ts';

describe('A decimal of a contract', () => {
  it('comes back as it went, digit for digit, over the whole range', () => {
    const limit = 10n ** 18n - 1n;
    fc.assert(
      fc.property(fc.bigInt({ min: -limit, max: limit }), (value) => {
        const text = decimalText(value, 18, 8);
        expect(text).to.match(/^-?\d+\.\d{8}$/);
        expect(unscaled(text, 18, 8)).to.equal(value);
        expect(fromTwosComplement(twosComplement(value))).to.equal(value);
      }),
    );
  });

  it('is written in the bytes that Java writes', () => {
    const bytes = (text: string): string => twosComplement(unscaled(text, 18, 2)).toString('hex');
    expect(['0', '1.27', '1.28', '-1.28', '-1.29', '2.55', '-0.01'].map(bytes)).to.deep.equal([
      '00',
      '7f',
      '0080',
      '80',
      'ff7f',
      '00ff',
      'ff',
    ]);
  });

  it('is filled up with zeros, and has no negative zero', () => {
    expect(decimalText(unscaled('1.5', 18, 8), 18, 8)).to.equal('1.50000000');
    expect(decimalText(unscaled('-0.5', 18, 8), 18, 8)).to.equal('-0.50000000');
    expect(decimalText(unscaled('-0', 18, 8), 18, 8)).to.equal('0.00000000');
    expect(decimalText(5n, 5, 0)).to.equal('5');
  });

  it('is never rounded or cut: what has too many digits is refused', () => {
    for (const text of [
      '1.123456789',
      '10000000000',
      '-10000000000.00000000',
      '1e5',
      '',
      '.5',
      '1.',
      'NaN',
      '0x10',
      ' 1',
      '+1',
    ]) {
      expect(() => unscaled(text, 18, 8), text)
        .to.throw()
        .with.property('code', 'RATEHOUSE_BAD_DATA');
    }
    expect(() => decimalText(10n ** 18n, 18, 8)).to.throw(/too many digits/);
  });
});
