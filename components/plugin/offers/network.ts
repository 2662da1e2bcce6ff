import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { clusterSchema } from "../../cluster/config";
import { Network } from "../../cluster/network/network";
import { offer } from "../offer";

export const network = offer({
    description: "A network for private nodes: one subnet with ranges for pods and Services, and a NAT.",
    plain: clusterSchema.shape.network
        .unwrap()
        .omit({ controlPlane: true })
        .extend({ region: z.string().describe("Region of subnet and router") }),
    linked: z.strictObject({}),
    outputs: z.object({
        network: z.string().describe("Self link of the network"),
        subnetwork: z.string().describe("Self link of the subnet, available once the NAT exists"),
    }),
    create(name, args, _linked, opts) {
        const component = new Network(name, args, opts);
        const subnetwork = pulumi.all([component.subnetwork, component.nat.id]).apply(([link]) => link);
        return { component, outputs: { network: component.network, subnetwork } };
    },
});
