import { expect } from "chai";

import {
    acceleratorNames,
    acceleratorOf,
    acceleratorZones,
    capacitiesOf,
    carries,
    countsOf,
    defaultMachineType,
    localSsdsOf,
    machineTypesFor,
    partitionsOf,
} from "../../gke/gpu-machines";
import { isGeneralPurpose, machineOf } from "../../gke/machine-types";
import { zones } from "../../gke/zones";

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
            "nvidia-gb300",
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

        it(`${name} is in zones that exist`, () => {
            const named = [...acceleratorOf(name).zones, ...machines.flatMap((machine) => machine.zones ?? [])];
            expect(named.filter((zone) => !zones.includes(zone))).to.deep.equal([]);
            expect(new Set(acceleratorOf(name).zones).size)
                .to.equal(acceleratorOf(name).zones.length)
                .and.be.greaterThan(0);
        });

        it(`${name} has machine types with local SSDs built in, or to add, never both`, () => {
            expect(machines.filter(({ localSsds: { builtIn, addable } }) => builtIn > 0 === addable.length > 0)).to.deep.equal([]);
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

    it("tell how a machine type is obtained", () => {
        expect(capacitiesOf("nvidia-h100-80gb", "a3-highgpu-1g")).to.deep.equal(["spot", "flex-start"]);
        expect(capacitiesOf("nvidia-h100-80gb", "a3-highgpu-8g")).to.deep.equal(["on-demand", "spot", "flex-start", "reservation"]);
        expect(capacitiesOf("nvidia-gb200", "a4x-highgpu-4g")).to.deep.equal(["reservation"]);
        expect(capacitiesOf("nvidia-tesla-t4", "n1-standard-8")).to.deep.equal(["on-demand", "spot", "reservation"]);
    });

    it("tell how many local SSDs are built in, and how many can be added", () => {
        const ssds = (...args: Parameters<typeof localSsdsOf>) => {
            const { builtIn, addable, diskGib } = localSsdsOf(...args);
            return [builtIn, [...addable], diskGib];
        };
        expect(ssds("nvidia-a100-80gb", "a2-ultragpu-2g")).to.deep.equal([2, [], 375]);
        expect(ssds("nvidia-gb200", "a4x-highgpu-4g")).to.deep.equal([4, [], 3000]);
        expect(ssds("nvidia-tesla-a100", "a2-highgpu-2g")).to.deep.equal([0, [2, 4, 8], 375]);
        expect(ssds("nvidia-l4", "g2-standard-48")).to.deep.equal([0, [4], 375]);
        expect(ssds("nvidia-tesla-t4", "n1-standard-8")).to.deep.equal([0, [1, 2, 3, 4, 5, 6, 7, 8, 16], 375]);
        expect(ssds("nvidia-tesla-v100", "n1-standard-8")).to.deep.equal([0, [1, 2, 3, 4, 5, 6, 7, 8, 16, 24], 375]);
    });

    it("tell the zones, which for A3 Edge are others than for A3 High", () => {
        expect(acceleratorZones("nvidia-h200-141gb", "a3-ultragpu-8g")).to.include("us-south1-b").and.not.include("us-south1-a");
        expect(acceleratorZones("nvidia-h100-80gb", "a3-highgpu-8g")).to.include("us-central1-a").and.not.include("europe-west9-c");
        expect(acceleratorZones("nvidia-h100-80gb", "a3-edgegpu-8g")).to.include("europe-west9-c").and.not.include("us-central1-a");
    });

    it("let GPUs attach to custom N1 machines of their size", () => {
        expect(carries("nvidia-tesla-t4", 1, "n1-custom-6-20480")).to.equal(true);
        expect(carries("nvidia-tesla-t4", 1, "n1-custom-48-319488")).to.equal(true);
        expect(carries("nvidia-tesla-t4", 1, "n1-custom-50-319488")).to.equal(false);
        expect(carries("nvidia-tesla-v100", 1, "n1-custom-14-51200")).to.equal(false);
        expect(carries("nvidia-tesla-t4", 1, "n2-custom-6-20480")).to.equal(false);
        expect(carries("nvidia-l4", 1, "n1-custom-6-20480")).to.equal(false);
    });

    it("count the partitions of an accelerator, and know no others", () => {
        expect([partitionsOf("nvidia-rtx-pro-6000", "1g.24gb"), partitionsOf("nvidia-l4", "1g.24gb")]).to.deep.equal([4, undefined]);
    });
});

describe("machine types", () => {
    it("have their vCPUs and memory", () => {
        expect(machineOf("e2-standard-4")).to.deep.equal({ name: "e2-standard-4", vcpus: 4, memoryGib: 16 });
        expect(machineOf("n1-highmem-8")).to.deep.equal({ name: "n1-highmem-8", vcpus: 8, memoryGib: 52 });
        expect(machineOf("a2-highgpu-1g")).to.include({ vcpus: 12, memoryGib: 85 });
        expect(machineOf("n4-highcpu-4")).to.include({ vcpus: 4, memoryGib: 8 });
        expect(machineOf("e2-medium")).to.include({ vcpus: 2, memoryGib: 4 });
    });

    for (const name of ["g9-standard-8", "g2-standard", "a3-highgpu-3g", "e2-standard-3", ""]) {
        it(`do not include "${name}"`, () => {
            expect(machineOf(name)).to.equal(undefined);
        });
    }

    it("can be custom: 1 vCPU or an even number, memory in steps of 256 MiB within the limits of the series", () => {
        expect(machineOf("n1-custom-6-20480")).to.deep.equal({ name: "n1-custom-6-20480", vcpus: 6, memoryGib: 20 });
        expect(machineOf("custom-1-1024")).to.include({ vcpus: 1, memoryGib: 1 });
        expect(machineOf("n2-custom-2-20480-ext")).to.include({ vcpus: 2, memoryGib: 20 });
        const refused = [
            "n1-custom-5-20480",
            "n1-custom-0-256",
            "n1-custom-98-204800",
            "n1-custom-6-20481",
            "n1-custom-2-20480",
            "g2-custom-4-8192",
        ];
        expect(refused.map(machineOf)).to.deep.equal(refused.map(() => undefined));
        expect(machineOf("n1-custom-6-5120")).to.equal(undefined);
    });

    it("are for system pools unless they carry an accelerator", () => {
        const names = ["e2-standard-4", "e2-medium", "n1-custom-4-8192", "c3-standard-4", "g2-standard-4", "c3-standard-5"];
        expect(names.map(isGeneralPurpose)).to.deep.equal([true, true, true, true, false, false]);
    });
});
