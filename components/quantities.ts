const binarySuffixes = { Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

/** Bytes of a memory quantity such as `8Gi`; the schema has checked its form. */
export function parseMemory(quantity: string): number {
    const suffix = quantity.slice(-2) as keyof typeof binarySuffixes;
    return Number(quantity.slice(0, -2)) * binarySuffixes[suffix];
}

/** The shortest whole quantity of at least `bytes`: `10Gi`, or `10752Mi`. */
export function formatBytes(bytes: number): string {
    const mebibytes = Math.ceil(bytes / binarySuffixes.Mi);
    return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** Thousandths of a core of a CPU quantity such as `2`, `0.5` or `500m`; the schema has checked its form. */
export const parseCpu = (quantity: string): number =>
    quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Math.round(Number(quantity) * 1000);

/** The shortest quantity of `millicores`: `2`, or `1930m`. */
export const formatCpu = (millicores: number): string => (millicores % 1000 === 0 ? `${millicores / 1000}` : `${millicores}m`);
