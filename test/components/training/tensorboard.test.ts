import { expect } from "chai";
import { Tensorboard } from "../../../components/training/tensorboard";
import { record } from "../recorded";
import { image } from "../settings";

describe("Tensorboard", () => {
    it("serves the runs' logs inside the cluster, with an account that can only read them", async () => {
        const args = { project: "my-project", namespace: "training", image, checkpoints: { bucket: "runs" } };
        const recording = await record((options) => new Tensorboard("tensorboard", args, options));
        expect(recording.one("kubernetes:apps/v1:Deployment", "tensorboard").inputs.spec).to.have.nested.property(
            "template.spec.containers[0].image",
            image.ref,
        );
        expect(recording.one("kubernetes:core/v1:Service", "tensorboard-service").inputs.spec).not.to.have.property("type");
        const roles = recording.resources.flatMap(({ inputs }) => (inputs.role === undefined ? [] : [inputs.role]));
        expect(roles.sort()).to.deep.equal(["roles/iam.workloadIdentityUser", "roles/storage.objectViewer"]);
        const [component, ...children] = recording.resources;
        expect(children).to.have.length(7);
        expect(children.every(({ options }) => options.parent === component?.resource)).to.equal(true);
    });
});
