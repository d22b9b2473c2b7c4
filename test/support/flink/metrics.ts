import { z } from 'zod';
import { request } from '../../../tasks/src/lib/http.ts';

const vertices = z.object({ vertices: z.array(z.object({ id: z.string() })) });
const metrics = z.array(z.object({ id: z.string(), sum: z.number().optional() }));

/** The sum of a function's metric over the subtasks of a job. */
export async function jobMetric(flink: string, jobId: string, metric: string): Promise<number> {
  const { vertices: all } = vertices.parse((await request(`${flink}/jobs/${jobId}`)).body);
  let total = 0;
  for (const { id } of all) {
    const url = `${flink}/jobs/${jobId}/vertices/${id}/subtasks/metrics`;
    const names = metrics.parse((await request(url)).body).filter((each) => each.id.endsWith(`.${metric}`));
    for (const name of names) {
      const found = metrics.parse((await request(`${url}?get=${encodeURIComponent(name.id)}`)).body);
      total += found[0]?.sum ?? 0;
    }
  }
  return total;
}
