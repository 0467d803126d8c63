import { describe, expect, test } from 'vitest';
import { protect } from '../../src/usage/protect.ts';
import { fixed, seededNoise, seededNumbers, specOf } from './support.ts';

/** One row, without sums: what becomes of its cells. */
function cells(counts: number[], ...noise: number[]): (number | null)[] {
  return protect([counts], specOf(1, counts.length, 'none'), fixed(...noise)).cells[0]!.map((v) => v);
}

describe('a cell by itself', () => {
  test('is hidden below ten, however large its noise', () => {
    expect(cells([9, 9, 0], 5, 500, 99)).toEqual([null, null, null]);
    expect(cells([10], 4)).toEqual([15]);
  });

  test('is hidden below fourteen with its noise, however many there were', () => {
    expect(cells([13, 500, 17], 0, -487, -4)).toEqual([null, null, null]);
    expect(cells([14, 500, 10, 17], 0, -486, 4, -3)).toEqual([15, 15, 15, 15]);
  });

  test('is rounded to five, by its noise and not by its count', () => {
    expect(cells([100, 100, 100, 100, 100], 0, 2, 3, -2, -3)).toEqual([100, 100, 105, 100, 95]);
  });

  test('without sums nothing is hidden for the sake of another', () => {
    expect(cells([100, 0, 100])).toEqual([100, null, 100]);
  });
});

describe('sums', () => {
  test('are sums with noise, of hidden cells too, rounded once and shown from twenty up', () => {
    const counts = [
      [100, 60, 9, 8],
      [40, 50, 7, 9],
    ];
    const table = protect(counts, specOf(2, 4), fixed(1, 1, 0, 1, 1, 1, 1, 1));
    expect(table.rowSums).toEqual([180, 110]);
    expect(table.columnSums).toEqual([140, 110, null, null]);
    expect(table.total).toBe(290);
    const one = (n: number) => protect([[n], [0]], specOf(2, 1, 'columns'), fixed());
    expect(one(19).total).toBeNull();
    expect(one(20).total).toBe(20);
  });

  test('one that is hidden hides what it is the sum of', () => {
    // Otherwise a shown 15 under a hidden sum would say that the rest is less than 5.
    const { cells, rowSums } = protect(
      [
        [15, 0, 0],
        [90, 90, 90],
      ],
      specOf(2, 3, 'rows'),
      fixed(),
    );
    expect(rowSums).toEqual([null, 270]);
    expect(cells).toEqual([
      [null, null, null],
      [90, 90, 90],
    ]);
    const whole = protect(
      [
        [9, 9],
        [0, 0],
      ],
      specOf(2, 2),
      fixed(),
    );
    expect([whole.total, whole.rowSums, whole.columnSums]).toEqual([null, [null, null], [null, null]]);
  });

  test('a hidden total hides all: a sum of 25 under it would say that there was nothing else', () => {
    const counts = [
      [15, 10],
      [0, 0],
    ];
    const table = protect(counts, specOf(2, 2), fixed(0, 0, -4, -4));
    expect([table.total, table.rowSums, table.columnSums]).toEqual([null, [null, null], [null, null]]);
    expect(table.cells.flat()).toEqual([null, null, null, null]);
  });

  test('a table has those it declares', () => {
    const many = [
      [50, 50],
      [50, 50],
    ];
    const none = protect(many, specOf(2, 2, 'none'), fixed());
    expect([none.rowSums, none.columnSums, none.total]).toEqual([undefined, undefined, null]);
    const rows = protect(many, specOf(2, 2, 'rows'), fixed());
    expect([rows.rowSums, rows.columnSums, rows.total]).toEqual([[100, 100], undefined, null]);
    const list = protect([[50], [60]], specOf(2, 1, 'columns'), fixed());
    expect([list.rowSums, list.columnSums, list.total]).toEqual([undefined, [110], 110]);
  });
});

describe('hidden for the sake of another', () => {
  test('the smallest of a line with a single hidden cell, along rows and along columns, until there is none', () => {
    // The 0 hides the 80 in its row and the 50 in its column; the 80 in turn the 60 below it.
    const counts = [
      [90, 80, 0],
      [70, 60, 50],
    ];
    const { cells } = protect(counts, specOf(2, 3), fixed());
    expect(cells).toEqual([
      [90, null, null],
      [70, null, null],
    ]);
    // Where columns have no sums, the column needs no second one.
    const rows = protect(counts, specOf(2, 3, 'rows'), fixed());
    expect(rows.cells).toEqual([
      [90, null, null],
      [70, 60, 50],
    ]);
  });

  test('one more where the rest of a line would say that the hidden ones are nearly nothing', () => {
    // Without the last step 20 stays: then the two hidden ones are 0 to 7 together.
    const list = protect([[100], [20], [0], [0]], specOf(4, 1, 'columns'), fixed());
    expect(list.cells.flat()).toEqual([100, null, null, null]);
    expect(list.total).toBe(120);
    const enough = protect([[100], [20], [6], [6]], specOf(4, 1, 'columns'), fixed());
    expect(enough.cells.flat()).toEqual([100, 20, null, null]);
  });

  test('a hidden sum that the total would give away hides the smallest other one, and the total stays', () => {
    const counts = [
      [500, 300, 2],
      [200, 100, 0],
      [40, 30, 0],
    ];
    const table = protect(counts, specOf(3, 3), fixed());
    expect(table.columnSums).toEqual([740, null, null]);
    expect(table.total).toBe(1170);
    expect(table.rowSums).toEqual([800, 300, 70]);
  });
});

test('a table without a domain is a table', () => {
  expect(protect([], specOf(0, 1, 'columns'), fixed())).toMatchObject({ cells: [], total: null });
});

test('what is shown depends on the counts through their noise alone, but for the floor', () => {
  const number = seededNumbers('same');
  for (let round = 0; round < 300; round += 1) {
    const counts = Array.from({ length: 3 }, () => Array.from({ length: 4 }, () => 10 + number(30)));
    const draw = seededNoise(`same ${round}`);
    const noise = counts.flat().map(() => draw());
    const shift = noise.map(() => number(5));
    const moved = counts.map((line, r) => line.map((n, c) => n + shift[r * 4 + c]!));
    const against = noise.map((k, i) => k - shift[i]!);
    expect(protect(moved, specOf(3, 4), fixed(...against))).toEqual(
      protect(counts, specOf(3, 4), fixed(...noise)),
    );
  }
});
