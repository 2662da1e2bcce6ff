/**
 * The value of a gauge in Prometheus's text format; undefined where there is none of the name, or where labels make several of it.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function gaugeIn(text: string, name: string): number | undefined {
    const samples = text.split("\n").flatMap((line) => {
        const [, metric, value] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{.*\})?\s+(\S+)/.exec(line) ?? [];
        return metric === name && Number.isFinite(Number(value)) ? [Number(value)] : [];
    });
    return samples.length === 1 ? samples[0] : undefined;
}
