import { readSection } from "../../../components/config/schema/read-section";
import { keyOf, printed } from "../../../components/config/problem";
import { type PromotionConfig, promotionSchema } from "../../../components/promotion/config";
import { stackConfig } from "../../../components/stack-file/stack-file";
import { CommandError } from "../../command-line/run";

/**
 * The conditions of a promotion to a stack: the section `promotion` of its file, with defaults.
 * @param text content of the stack file
 * @param file its name, for messages
 * @throws StackFileError if the file cannot be read
 * @throws CommandError with a line for each problem of the section
 */
export function acceptedBy(text: string, file: string): PromotionConfig {
    const { value, problems } = readSection("promotion", promotionSchema, stackConfig(text, file)[keyOf("promotion")]);
    if (problems.length > 0) {
        const lines = printed(problems).map(({ key, problem, remedy }) => `${file}: ${key} ${problem}. ${remedy}`);
        throw new CommandError(lines.join("\n"));
    }
    return value ?? promotionSchema.parse({});
}
