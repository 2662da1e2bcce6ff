const MEBIBYTE = 2 ** 20;

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const SUFFIXES: Readonly<Record<string, number>> = {
    Ki: 2 ** 10,
    Mi: MEBIBYTE,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    M: 1e6,
    G: 1e9,
    T: 1e12,
};

/** Bytes of a memory quantity such as `8Gi` or `8G`; the schema has checked its form. */
export function parseMemory(quantity: string): number {
    const suffix = quantity.replace(/^\d+/, "");
    return Number.parseInt(quantity, 10) * (SUFFIXES[suffix] ?? 1);
}

/** The shortest whole quantity of at least `bytes`: `10Gi`, or `10752Mi`. */
export function formatBytes(bytes: number): string {
    const mebibytes = Math.ceil(bytes / MEBIBYTE);
    return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** Thousandths of a core of a CPU quantity such as `2`, `0.5` or `500m`; the schema has checked its form. */
export const parseCpu = (quantity: string): number =>
    quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Math.round(Number(quantity) * 1000);

/** The shortest quantity of `millicores`: `2`, or `1930m`. */
export const cpuQuantityOf = (millicores: number): number | string => (millicores % 1000 === 0 ? millicores / 1000 : `${millicores}m`);

/** The text of `cpuQuantityOf`. */
export const formatCpu = (millicores: number): string => String(cpuQuantityOf(millicores));

/** Sum of amounts in one unit; 0 for none. */
export const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
