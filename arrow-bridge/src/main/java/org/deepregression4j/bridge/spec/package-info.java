/**
 * Reads the model specification of {@code docs/model-spec.md} into the engine's definitions: {@link
 * org.deepregression4j.bridge.spec.SpecReader} is where to begin.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.bridge.spec;
