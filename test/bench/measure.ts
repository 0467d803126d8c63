/** What a number of turns cost. */
export interface Cost {
  turns: number;
  /** Wall clock, ms. */
  ms: number;
  /** Processor time of this process, user and system, ms: what remains comparable when the machine is shared. */
  cpuMs: number;
}

/** Runs `work` once. */
export async function measure(turns: number, work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { turns, ms, cpuMs: (user + system) / 1_000 };
}

export const perSecond = (c: Cost): number => (c.turns / c.ms) * 1_000;
export const perCoreSecond = (c: Cost): number => (c.turns / c.cpuMs) * 1_000;

/** The value below which a share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Rows as an aligned table. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => (r[i] ?? '').length)));
  const line = (cells: string[]) =>
    cells.map((c, i) => (i === 0 ? c.padEnd(widths[i] ?? 0) : c.padStart(widths[i] ?? 0))).join('  ');
  return [line(head), widths.map((w) => '-'.repeat(w)).join('  '), ...rows.map(line)].join('\n');
}

export const thousands = (n: number): string => Math.round(n).toLocaleString('en-US').replaceAll(',', ' ');
