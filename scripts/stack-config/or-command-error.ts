import { StackFileError } from "../../components/stack-file/yaml";
import { CommandError } from "../command-line/run";

/**
 * What reads a stack file gives.
 * @throws CommandError with its reason where the file cannot be read
 */
export function orCommandError<T>(read: () => T): T {
    try {
        return read();
    } catch (error) {
        throw error instanceof StackFileError ? new CommandError(error.message) : error;
    }
}
