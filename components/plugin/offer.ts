import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** Something wrong with an input. */
export interface InputProblem {
    /** Path of the input: `cluster.pools[0].maxNodes`. */
    readonly path: string;
    /** The problem, and the nearest valid alternative. */
    readonly problem: string;
}

/** Outputs of other resources, unknown until these exist. */
export type Linked<L extends z.ZodObject> = { readonly [K in keyof z.output<L>]: pulumi.Output<string> };

/** A component and the values of its outputs. */
export interface Created<O extends z.ZodObject = z.ZodObject> {
    readonly component: pulumi.ComponentResource;
    readonly outputs: { readonly [K in keyof z.output<O>]: pulumi.Input<z.output<O>[K]> };
}

/** A component of the package, for programs in any language. */
export interface Offer<P extends z.ZodObject = z.ZodObject, L extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
    readonly description: string;
    /** Inputs that decide what is created, so they must be known during preview. */
    readonly plain: P;
    /** Inputs that may be outputs of other resources; each is text. */
    readonly linked: L;
    readonly outputs: O;
    /**
     * Contradictions in inputs that their schemas accept, and conflicts with the offers of Google Cloud.
     * @param linked names of the linked inputs that were given
     */
    problems?(plain: z.output<P>, linked: readonly string[]): readonly InputProblem[];
    /** Creates the component from valid inputs. */
    create(name: string, plain: z.output<P>, linked: Linked<L>, opts: pulumi.ComponentResourceOptions): Created<O>;
}

/** An offer for the list of all. Its functions keep the types of the schemas that parse their arguments. */
export const offer = <P extends z.ZodObject, L extends z.ZodObject, O extends z.ZodObject>(typed: Offer<P, L, O>): Offer => typed;
