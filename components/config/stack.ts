import type { BuildConfig } from "../images/trigger/config";
import type { ClusterConfig } from "../cluster/config";
import type { Environment } from "../project/config";
import type { ImagesConfig } from "../images/config";
import type { InferenceConfig } from "../inference/config";
import type { RegistryConfig } from "../registry/config";
import type { TrainingConfig } from "../training/config";

/** The whole configuration of a stack, checked, with every default filled in. A section that is undefined is not created. */
export interface StackConfig {
    /** Name of the stack. */
    readonly stack: string;
    /** Google Cloud project, `gcp:project`. */
    readonly project: string;
    /** Region, `gcp:region`. */
    readonly region: string;
    readonly environment: Environment;
    /** Whether resources that hold data or serve users are protected from deletion: true in prod. */
    readonly protect: boolean;
    readonly registry: RegistryConfig | undefined;
    readonly build: BuildConfig | undefined;
    readonly images: ImagesConfig | undefined;
    readonly cluster: ClusterConfig | undefined;
    readonly inference: InferenceConfig | undefined;
    readonly training: TrainingConfig | undefined;
}
