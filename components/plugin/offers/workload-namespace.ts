import { z } from "zod";
import { resourceName } from "../../config/fields";
import { WorkloadNamespace } from "../../workloads/workload-namespace";
import { offer } from "../offer";

export const workloadNamespace = offer({
    description: "A namespace with the Pod Security Standard restricted that denies all traffic until a policy allows it.",
    plain: z.strictObject({ namespace: resourceName.describe("Name in the cluster") }),
    linked: z.strictObject({}),
    outputs: z.object({ namespace: z.string().describe("Name in the cluster, available once it exists") }),
    create(name, args, _linked, opts) {
        const component = new WorkloadNamespace(name, args, opts);
        return { component, outputs: { namespace: component.namespace } };
    },
});
