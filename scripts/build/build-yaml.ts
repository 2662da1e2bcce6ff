import { stringify } from "yaml";
import type { BuildDefinition } from "../../components/images/trigger/build-definition";

/**
 * A build as the file that `gcloud builds submit --config` takes.
 * @param serviceAccount full name of the account that it runs as; undefined for the project's default
 */
export function buildYaml(definition: BuildDefinition, serviceAccount: string | undefined): string {
    return stringify({ ...definition, ...(serviceAccount === undefined ? {} : { serviceAccount }) }, { lineWidth: 0 });
}
