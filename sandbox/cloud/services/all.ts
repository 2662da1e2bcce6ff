import type { Behaviour, Service } from "../service";
import { artifactRegistry } from "./artifact-registry";
import { cloudBuild } from "./cloud-build";
import { compute } from "./compute";
import { container } from "./container";
import { iam } from "./iam";
import { operations } from "./operations";
import { security } from "./security";
import { storage } from "./storage";
import { web } from "./web";

const behaviours: Service = {
    ...artifactRegistry,
    ...cloudBuild,
    ...compute,
    ...container,
    ...iam,
    ...operations,
    ...security,
    ...storage,
    ...web,
};

/** How a resource type behaves. */
export function findBehaviour(type: string): Behaviour | undefined {
    return behaviours[type];
}
