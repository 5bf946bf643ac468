/**
 * The Java API: {@link org.deepregression4j.engine.api.Model} fits, explains, predicts and exports
 * what a {@link org.deepregression4j.engine.model.ModelDefinition} describes.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.api;
