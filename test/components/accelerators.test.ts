import { expect } from "chai";

import {
    acceleratorNames,
    acceleratorOf,
    capacitiesOf,
    countsOf,
    defaultMachineType,
    localSsdsOf,
    machineTypesFor,
    nearestCount,
    nearestMachineType,
} from "../../components/accelerators";
import { generalPurposeNames, machineOf } from "../../components/machine-types";
import { regionOf, regions, zonesOf } from "../../components/regions";

describe("accelerator table", () => {
    it("has every accelerator of GKE", () => {
        expect(acceleratorNames).to.have.members([
            "nvidia-tesla-t4",
            "nvidia-tesla-p4",
            "nvidia-tesla-p100",
            "nvidia-tesla-v100",
            "nvidia-l4",
            "nvidia-rtx-pro-6000",
            "nvidia-tesla-a100",
            "nvidia-a100-80gb",
            "nvidia-h100-80gb",
            "nvidia-h100-mega-80gb",
            "nvidia-h200-141gb",
            "nvidia-b200",
            "nvidia-gb200",
        ]);
    });

    for (const name of acceleratorNames) {
        const { machines, attachments, mig, memoryGb, source } = acceleratorOf(name);

        it(`${name} is carried by machine types or attached to N1, never both`, () => {
            expect(machines.length > 0).to.not.equal(attachments.length > 0);
        });

        it(`${name} lists its machine types from the smallest to the largest of each count`, () => {
            for (const count of countsOf(name)) {
                const vcpus = machineTypesFor(name, count).map((machineType) => machineOf(machineType)?.vcpus ?? NaN);
                expect(vcpus).to.deep.equal([...vcpus].sort((one, other) => one - other));
                expect(vcpus.length).to.be.greaterThan(0);
            }
        });

        it(`${name} has partitions that fit its memory`, () => {
            for (const [size, partitions] of Object.entries(mig)) {
                const gb = Number(/(\d+)gb$/.exec(size)?.[1]);
                expect(gb * partitions, size).to.be.at.most(memoryGb + partitions);
            }
        });

        it(`${name} says where it is documented`, () => {
            expect(source).to.match(/^https:\/\/cloud\.google\.com\/compute\/docs\//);
        });
    }
});

describe("accelerator look-ups", () => {
    it("give the machine types of a count", () => {
        expect(machineTypesFor("nvidia-l4", 1)).to.deep.equal([
            "g2-standard-4",
            "g2-standard-8",
            "g2-standard-12",
            "g2-standard-16",
            "g2-standard-32",
        ]);
        expect(machineTypesFor("nvidia-h100-80gb", 8)).to.deep.equal(["a3-highgpu-8g", "a3-edgegpu-8g"]);
    });

    it("give the N1 machine types that an attached GPU allows", () => {
        expect(machineTypesFor("nvidia-tesla-v100", 1)).to.have.members([
            ...["n1-standard-1", "n1-standard-2", "n1-standard-4", "n1-standard-8"],
            ...["n1-highmem-2", "n1-highmem-4", "n1-highmem-8"],
            ...["n1-highcpu-2", "n1-highcpu-4", "n1-highcpu-8"],
        ]);
    });

    it("give none for a count that does not exist", () => {
        expect(machineTypesFor("nvidia-l4", 3)).to.deep.equal([]);
    });

    it("give the counts", () => {
        expect(countsOf("nvidia-tesla-a100")).to.deep.equal([1, 2, 4, 8, 16]);
        expect(countsOf("nvidia-b200")).to.deep.equal([8]);
        expect(countsOf("nvidia-tesla-t4")).to.deep.equal([1, 2, 4]);
    });

    it("give the smallest machine type as the default, and four vCPUs a GPU on N1", () => {
        expect(defaultMachineType("nvidia-l4", 2)).to.equal("g2-standard-24");
        expect(defaultMachineType("nvidia-tesla-t4", 1)).to.equal("n1-standard-4");
        expect(defaultMachineType("nvidia-tesla-v100", 8)).to.equal("n1-standard-32");
        expect(defaultMachineType("nvidia-l4", 3)).to.equal(undefined);
    });

    it("name the nearest count", () => {
        expect([nearestCount("nvidia-l4", 16), nearestCount("nvidia-l4", 3), nearestCount("nvidia-gb200", 1)]).to.deep.equal([8, 2, 4]);
    });

    it("name the nearest machine type by size, or by name when it is not known", () => {
        expect(nearestMachineType("nvidia-l4", 1, "n1-standard-16")).to.equal("g2-standard-16");
        expect(nearestMachineType("nvidia-l4", 1, "g2-standart-8")).to.equal("g2-standard-8");
        expect(nearestMachineType("nvidia-l4", 1, "g2-standard-8")).to.equal("g2-standard-8");
        expect(nearestMachineType("nvidia-l4", 3, "g2-standard-8")).to.equal(undefined);
    });

    it("tell how a machine type is obtained", () => {
        expect(capacitiesOf("nvidia-h100-80gb", "a3-highgpu-1g")).to.deep.equal(["spot", "flex-start"]);
        expect(capacitiesOf("nvidia-h100-80gb", "a3-highgpu-8g")).to.deep.equal(["on-demand", "spot", "flex-start", "reservation"]);
        expect(capacitiesOf("nvidia-gb200", "a4x-highgpu-4g")).to.deep.equal(["reservation"]);
        expect(capacitiesOf("nvidia-tesla-t4", "n1-standard-8")).to.deep.equal(["on-demand", "spot", "flex-start", "reservation"]);
    });

    it("tell the local SSDs", () => {
        const ssds = (machineType: string) => {
            const { builtInSsdGb, addableSsds } = localSsdsOf("nvidia-a100-80gb", machineType);
            return [builtInSsdGb, addableSsds];
        };
        expect([ssds("a2-ultragpu-2g"), ssds("n1-standard-8")]).to.deep.equal([
            [750, 0],
            [0, 24],
        ]);
    });
});

describe("machine types", () => {
    it("have their vCPUs and memory", () => {
        expect(machineOf("e2-standard-4")).to.deep.equal({ name: "e2-standard-4", vcpus: 4, memoryGib: 16 });
        expect(machineOf("n1-highmem-8")).to.deep.equal({ name: "n1-highmem-8", vcpus: 8, memoryGib: 52 });
        expect(machineOf("a2-highgpu-1g")).to.include({ vcpus: 12, memoryGib: 85 });
        expect(machineOf("e2-standard-3")).to.equal(undefined);
    });

    it("are general-purpose without an accelerator", () => {
        expect(generalPurposeNames).to.include("e2-standard-4").and.not.include("g2-standard-4");
    });
});

describe("regions", () => {
    it("have their zones", () => {
        expect(zonesOf("us-east1")).to.deep.equal(["us-east1-b", "us-east1-c", "us-east1-d"]);
        expect(zonesOf("us-centrall")).to.deep.equal([]);
    });

    it("are found from a zone, and are their own", () => {
        expect([regionOf("europe-west4-b"), regionOf("europe-west4")]).to.deep.equal(["europe-west4", "europe-west4"]);
    });

    it("are in order", () => {
        expect(regions).to.deep.equal([...regions].sort());
    });
});
