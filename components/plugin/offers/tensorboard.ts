import { z } from "zod";
import { storage } from "../../config/fields";
import { Tensorboard } from "../../training/tensorboard";
import { offer } from "../offer";
import { image, namespace, project } from "./fields";

export const tensorboard = offer({
    description: "TensorBoard on the logs of every run, for kubectl port-forward. Requires a Kubernetes provider for the cluster.",
    plain: z.strictObject({ project, checkpoints: storage.describe("Where the runs write their checkpoints and logs") }),
    linked: z.strictObject({ namespace, image }),
    outputs: z.object({}),
    create(name, { project, checkpoints }, { namespace, image: ref }, opts) {
        return { component: new Tensorboard(name, { project, checkpoints, namespace, image: { ref, device: "cpu" } }, opts), outputs: {} };
    },
});
