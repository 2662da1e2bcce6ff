import type { Conversion, Shape } from "../shape";
import names from "./names.json";

/** The official provider writes a boolean as text, so that it can be absent. */
const TEXT: Conversion = { toApi: (value) => value === "TRUE", fromApi: (value) => (value === true ? "TRUE" : "FALSE") };

/** Form of node configurations in the API. @param paths paths of the properties */
export function nodeConfigShape(paths: readonly string[]): Required<Pick<Shape, "renamed" | "converted">> {
    const under = <Value>(values: Readonly<Record<string, Value>>) =>
        Object.fromEntries(paths.flatMap((path) => Object.entries(values).map(([name, value]) => [`${path}.${name}`, value])));
    return {
        renamed: under(names.nodeConfig),
        converted: under<Conversion>({
            effectiveTaints: { toApi: () => undefined, fromApi: (value) => value },
            ...{ insecureKubeletReadonlyPortEnabled: TEXT, "kubeletConfig.insecureKubeletReadonlyPortEnabled": TEXT },
        }),
    };
}
