import type * as pulumi from "@pulumi/pulumi";
import { description, version } from "../../package.json";
import { projectName } from "../config/problem";
import { soundInputs } from "./inputs";
import { tokenOf } from "./named-types";
import type { Offer } from "./offer";
import { packageSchema } from "./package-schema";

/** A provider of the components of the package. */
export function componentProvider(offers: Readonly<Record<string, Offer>>): pulumi.provider.Provider {
    return {
        version,
        getSchema: () => Promise.resolve(JSON.stringify(packageSchema({ name: projectName, version, description }, offers))),
        async construct(name, type, inputs, options) {
            const offered = Object.entries(offers).find(([component]) => tokenOf(component) === type)?.[1];
            if (offered === undefined) {
                throw new Error(`${type} is not a component of this package, which has ${Object.keys(offers).map(tokenOf).join(", ")}`);
            }
            const { plain, linked } = await soundInputs(offered, inputs);
            const { component, outputs } = offered.create(name, plain, linked, options);
            return { urn: component.urn, state: outputs };
        },
    };
}
