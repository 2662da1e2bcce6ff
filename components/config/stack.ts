import type { BuildConfig } from "./build";
import type { ClusterConfig } from "./cluster";
import type { Environment } from "./environment";
import type { ImagesConfig } from "./images";
import type { InferenceConfig } from "./inference";
import type { RegistryConfig } from "./registry";
import type { TrainingConfig } from "./training";

/** The whole configuration of a stack, checked, with every default filled in. A room that is undefined is not created. */
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
