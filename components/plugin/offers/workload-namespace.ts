import { z } from "zod";
import { resourceName } from "../../config/fields";
import { WorkloadNamespace } from "../../workloads/workload-namespace";
import { offer } from "../offer";

export const workloadNamespace = offer({
    description: "A namespace that refuses any pod below the standard restricted, and in which nothing may talk until a policy says so.",
    plain: z.strictObject({ namespace: resourceName.describe("Name in the cluster") }),
    linked: z.strictObject({}),
    outputs: z.object({ namespace: z.string().describe("Name in the cluster, once it is there") }),
    create(name, args, _linked, opts) {
        const component = new WorkloadNamespace(name, args, opts);
        return { component, outputs: { namespace: component.namespace } };
    },
});
