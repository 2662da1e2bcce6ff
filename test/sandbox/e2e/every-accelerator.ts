import { stringify } from "yaml";
import { acceleratorNames, acceleratorOf, acceleratorZones, capacitiesOf, countsOf, defaultMachineType } from "../../../gke/gpu-machines";
import { regionOf } from "../../../gke/zones";

/** The region that has all accelerators. */
const REGION = "us-central1";

/** The accelerators that new pools can have. */
export const ACCELERATORS = acceleratorNames.filter((name) => acceleratorOf(name).shutdown === undefined);

/** A stack file with one pool for each accelerator, in the zones of the region that have it. It has no services, so no node of these pools starts. */
export function everyAccelerator(): string {
    const pools = ACCELERATORS.map((accelerator) => {
        const [acceleratorCount = 1] = countsOf(accelerator);
        const machineType = defaultMachineType(accelerator, acceleratorCount) ?? "";
        const zones = acceleratorZones(accelerator, machineType).filter((zone) => regionOf(zone) === REGION);
        const [kind] = capacitiesOf(accelerator, machineType);
        const capacity = kind === "reservation" ? { reservation: "team" } : kind;
        return { name: accelerator.replace(/^nvidia-/, ""), accelerator, acceleratorCount, machineType, zones, capacity, maxNodes: 1 };
    });
    return stringify({
        config: {
            "gcp:project": "ml-gpus",
            "gcp:region": REGION,
            "ml-platform:environment": "dev",
            "ml-platform:registry": { repository: "ml-images" },
            "ml-platform:images": { from: "build", variant: "cpu", sbom: false },
            "ml-platform:cluster": { name: "ml-gpus", location: REGION, endpoint: "ip", pools },
        },
    });
}
