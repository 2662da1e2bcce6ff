import { type JsonObject, textOrEmpty } from "../../json";
import type { Ledger } from "../../ledger";
import { parentOf, shortName } from "../../resource-name";
import { checkLabels } from "../common/labels";
import { ensureField, invalidField, notFound } from "./compute-error";
import { type CollectionName, COLLECTIONS } from "./fields";
import { nameIn, withTexts } from "./names";
import { checkNats } from "./nats";
import { checkRanges } from "./ranges";

const PATHS = Object.values(COLLECTIONS).map(({ path }) => path);

/**
 * Checks a new or changed resource: what it refers to exists, and it does not conflict with others.
 * @throws ReasonError
 */
export function checkResource(name: CollectionName, id: string, inputs: JsonObject, ledger: Ledger): void {
    try {
        checkLabels(inputs.labels);
    } catch (error) {
        throw invalidField("resource.labels", "", (error as Error).message);
    }
    checkReferences(inputs, ledger);
    const { purpose, addressType = "EXTERNAL", network } = inputs;
    const { asset, path } = COLLECTIONS[name];
    const others = ledger.list().filter((entry) => entry.type === asset && entry.inputs.network === network && entry.id !== id);
    if (name === "subnetworks") {
        const parent = ledger.get(COLLECTIONS.networks.asset, textOrEmpty(network));
        checkRanges(id, inputs, others, parent?.inputs.autoCreateSubnetworks !== false);
    }
    if (name === "routers") {
        const inRegion = others.filter((other) => parentOf(other.id) === parentOf(id)).map((other) => other.inputs);
        checkNats(inputs, inRegion);
    }
    const hasPurpose = path === "addresses" && purpose !== undefined && addressType === "EXTERNAL";
    ensureField(!hasPurpose, "resource.purpose", textOrEmpty(purpose), "The field cannot be specified with external address.");
}

/**
 * Checks that all resources of Compute Engine in a value exist. The network `default` and its subnets exist without ledger entries.
 * @throws ReasonError
 */
export function checkReferences(value: JsonObject, ledger: Ledger): void {
    const known = new Set(ledger.list().map(({ id }) => id));
    withTexts(value, (text) => {
        const name = nameIn(text);
        const isKept = name !== undefined && PATHS.includes(name.split("/").at(-2) ?? "") && shortName(name) !== "default";
        if (isKept && !known.has(name)) {
            throw notFound(name);
        }
        return text;
    });
}
