import { expect } from 'chai';
import { parseListing } from '../../../tasks/src/lib/maintain/listing.ts';

const page = (contents: string, more = '<IsTruncated>false</IsTruncated>'): string =>
  `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>${more}${contents}</ListBucketResult>`;
const entry = (key: string): string =>
  `<Contents><Key>${key}</Key><ETag>&#34;a&#34;</ETag><Size>38751</Size><LastModified>2026-01-31T09:12:26Z</LastModified></Contents>`;

describe("the storage's list of files", () => {
  it('is read with size and time', () => {
    expect(parseListing(page(entry('t/data/day=2026-01-31/0-a_b.parquet')))).to.deep.equal({
      files: [
        { key: 't/data/day=2026-01-31/0-a_b.parquet', bytes: 38_751, modified: Date.parse('2026-01-31T09:12:26Z') },
      ],
      next: undefined,
    });
    expect(parseListing(page('')).files).to.deep.equal([]);
  });

  it('goes on at its next page', () => {
    const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>t/a</NextContinuationToken>';
    expect(parseListing(page(entry('t/a'), more)).next).to.equal('t/a');
    expect(() => parseListing(page(entry('t/a'), '<IsTruncated>true</IsTruncated>'))).to.throw(/NextContinuationToken/);
  });

  it('is refused when it is none, or when a name in it might be spelled in another way elsewhere', () => {
    expect(() => parseListing('<html>proxy</html>')).to.throw(/cannot be relied on.*Nothing was removed/);
    for (const key of ['t/a%3Ab', 't/a&amp;b', 't/a b', 't/a+b'])
      expect(() => parseListing(page(entry(key))), key).to.throw(/characters/);
    expect(() => parseListing(page('<Contents><Key>t/a</Key></Contents>'))).to.throw(/has no Size/);
  });
});
