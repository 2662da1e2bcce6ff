/** Whether a version's numbers, most significant first, are at least others. Both have the same length. */
export function reaches(numbers: readonly number[], least: readonly number[]): boolean {
    const differing = numbers.findIndex((number, index) => number !== least[index]);
    return differing === -1 || (numbers[differing] ?? 0) > (least[differing] ?? 0);
}
