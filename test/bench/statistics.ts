/** Median of the values; the mean of the middle two where their number is even. */
export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2 : (sorted[Math.floor(middle)] ?? NaN);
}

/** `median (least–most)`, with a unit and a number of decimals. */
export function spread(values: readonly number[], unit = "", decimals = 2): string {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return `${median(values).toFixed(decimals)}${unit} (${least.toFixed(decimals)}–${most.toFixed(decimals)})`;
}
