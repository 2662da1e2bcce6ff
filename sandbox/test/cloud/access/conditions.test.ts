import { expect } from "chai";
import { holds } from "../../../cloud/access/conditions";

const request = { service: "storage.googleapis.com", name: "projects/_/buckets/data", modifiedRoles: [] };
const STATE = "projects/_/buckets/my-project-pulumi-state";

describe("conditions", () => {
    it("limit a role to the roles that a request may grant", () => {
        const limited =
            "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/logging.logWriter', 'roles/storage.objectViewer'])";
        const grants = (...modifiedRoles: string[]): boolean => holds(limited, { ...request, modifiedRoles });
        expect(grants("roles/logging.logWriter")).to.equal(true);
        expect(grants("roles/logging.logWriter", "roles/storage.objectViewer")).to.equal(true);
        expect(grants("roles/owner")).to.equal(false);
        expect(grants("roles/logging.logWriter", "roles/owner")).to.equal(false);
        // This request grants nothing, like a read of the policy.
        expect(grants()).to.equal(true);
    });

    it("exclude the state bucket", () => {
        const limited = `!resource.name.startsWith("${STATE}")`;
        expect(holds(limited, request)).to.equal(true);
        expect(holds(limited, { ...request, name: STATE })).to.equal(false);
    });

    it("limit an identity to the state of its stack", () => {
        const stacks = `${STATE}/objects/.pulumi/stacks/ml-platform`;
        const limited = `resource.name.startsWith("${stacks}/dev.") || resource.name.startsWith("${STATE}/objects/.pulumi/history/ml-platform/dev/")`;
        const object = (file: string): string => `${stacks}/${file}`;
        expect(holds(limited, { ...request, name: object("dev.json") })).to.equal(true);
        expect(holds(limited, { ...request, name: object("prod.json") })).to.equal(false);
    });

    it("read the time and the service", () => {
        expect(holds('request.time < timestamp("2000-01-01T00:00:00Z")', request)).to.equal(false);
        expect(holds('request.time > timestamp("2000-01-01T00:00:00Z")', request)).to.equal(true);
        expect(holds('resource.service == "storage.googleapis.com"', request)).to.equal(true);
    });

    it("are false if they cannot be evaluated", () => {
        expect(holds("resource.nothing == 'x'", request)).to.equal(false);
        expect(holds("resource.name", request)).to.equal(false);
        expect(holds("resource.name ==", request)).to.equal(false);
    });
});
