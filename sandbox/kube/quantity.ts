const SUFFIXES: Readonly<Record<string, number>> = {
    "": 1,
    n: 1e-9,
    u: 1e-6,
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
};

/**
 * Parses a Kubernetes quantity: `500m` is 0.5, `8Gi` is 8589934592.
 * @throws Error if the text is not a quantity
 */
export function numberOf(quantity: string): number {
    const [, number, exponent = "", suffix = ""] = /^([+-]?[\d.]+)([eE][+-]?\d+)?([a-zA-Z]*)$/.exec(quantity) ?? [];
    const factor = SUFFIXES[suffix];
    if (number === undefined || factor === undefined) {
        throw new Error(`${quantity} is not a Kubernetes quantity`);
    }
    return Number(`${number}${exponent}`) * factor;
}
