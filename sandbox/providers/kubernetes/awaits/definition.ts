import { condition, type Condition } from "../client/objects";
import { failed, ready, waiting, type Readiness } from "./readiness";

/** A CustomResourceDefinition is ready when the API server serves its kind. */
export const definitionReadiness: Readiness = {
    timeoutSeconds: 60,
    related: [],
    verdict: ({ status }) => {
        const conditions = (status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions;
        if (condition(conditions, "Established")?.status === "True") {
            return ready;
        }
        const names = condition(conditions, "NamesAccepted");
        return names?.status === "False"
            ? failed(names.message ?? "its names are taken")
            : waiting("waiting for the API server to serve the kind");
    },
};
