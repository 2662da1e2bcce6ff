/** The intended value: one valid value, or several that the user has to choose from. */
export type Intent = { readonly value: string | number | boolean } | { readonly candidates: readonly (string | number)[] };

/** Maximum length of a text that is compared with valid values. */
export const LONGEST = 100;

/** The boolean that a synonym of it means. */
export function meantBoolean(given: unknown): boolean | undefined {
    const isScalar = typeof given === "string" || typeof given === "number";
    const text = isScalar ? String(given) : "";
    const word = text.length > LONGEST ? "" : text.trim().toLowerCase();
    return ["true", "yes", "y", "on", "1", "enabled"].includes(word)
        ? true
        : ["false", "no", "n", "off", "0", "disabled"].includes(word)
          ? false
          : undefined;
}

/** The integer in a text such as `"4"` or `"1,000"`. */
export function meantInteger(given: unknown): number | undefined {
    const digits =
        typeof given === "string" && given.length <= LONGEST && /^\s*-?\d{1,3}([,_ ]?\d{3})*\s*$|^\s*-?\d+\s*$/.test(given)
            ? given.replace(/[,_\s]/g, "")
            : undefined;
    const number = digits === undefined ? given : Number(digits);
    return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** The intended memory quantity: `8gi` is `8Gi`; `8GB` may be 8Gi or 8G, and `1.5GB` 1536Mi or 1500M. */
export function meantMemory(given: string): Intent | undefined {
    const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(given) ?? [];
    const [, letter, kind] = /^([kmgt])(i|ib|b|)$/.exec(unit?.toLowerCase() ?? "") ?? [];
    if (number === undefined || Number(number) === 0) {
        return undefined;
    }
    if (letter === undefined) {
        return unit === "" ? { candidates: [`${number}Mi`, `${number}Gi`] } : undefined;
    }
    const binary = `${wholeQuantity(Number(number), letter, 1024)}i`;
    const decimal = wholeQuantity(Number(number), letter, 1000);
    // The schema takes no thousands of bytes.
    return kind?.startsWith("i") ? { value: binary } : { candidates: decimal.endsWith("K") ? [binary] : [binary, decimal] };
}

/** An integer quantity, in the next smaller unit if it has a fraction: 1.5G is 1500M, and 1.5Gi is 1536Mi. */
function wholeQuantity(number: number, letter: string, step: number): string {
    const units = ["k", "m", "g", "t"];
    const unit = Number.isInteger(number) ? letter : (units[units.indexOf(letter) - 1] ?? "k");
    return `${Math.ceil(unit === letter ? number : number * step)}${unit.toUpperCase()}`;
}

/** The intended CPU quantity: `2 cores` is 2, `500 m` is 500m. */
export function meantCpu(given: string): string | number | undefined {
    const [, number, unit] = /^\s*(\d+(?:\.\d{1,3})?)\s*(m|millis?|cores?|cpus?|vcpus?|)\s*$/i.exec(given) ?? [];
    if (number === undefined || Number(number) === 0) {
        return undefined;
    }
    if (!unit?.toLowerCase().startsWith("m")) {
        return Number(number);
    }
    return number.includes(".") ? undefined : `${number}m`;
}

/** The intended name: lower-case letters, digits and dashes. */
export function meantName(given: string, length: number): string | undefined {
    const name = given
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+/, "")
        .slice(0, length)
        .replace(/-+$/, "");
    return name === "" ? undefined : name;
}
