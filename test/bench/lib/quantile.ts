/**
 * The quantile of a sample by nearest rank: the smallest value that at least the share `q` of the sample does not exceed.
 * @param q above 0, at most 1
 */
export function quantile(sample: readonly number[], q: number): number {
  if (sample.length === 0) throw new Error('An empty sample has no quantile.');
  const sorted = Float64Array.from(sample).sort();
  return sorted[Math.ceil(q * sorted.length) - 1] ?? NaN;
}
